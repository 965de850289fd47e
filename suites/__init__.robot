*** Settings ***
Documentation    What auth-service and inventory-service promise, proven against the target that the variable file
...              describes (default: the embedded stack). The rules are numbered as in the contract.

Resource         ../resources/inventory.resource

Suite Setup      Prepare The Run
