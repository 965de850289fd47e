*** Settings ***
Documentation    What holds while parts of the deployment die, hang and come back: laws 1 to 7, by what the callers saw
...              and by the database.

Resource         ../resources/players.resource

Suite Setup      Prepare The Run
