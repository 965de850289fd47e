*** Settings ***
Documentation     Every query of every panel returns data once there is traffic.

Resource          monitoring.resource

Suite Teardown    Show Panels
Test Template     Panels Should Have Data


*** Test Cases ***    DASHBOARD    GROUP
Overview    Inventory Service    Overview
HTTP    Inventory Service    HTTP
Business    Inventory Service    Business
Cache    Inventory Service    Cache
Database    Inventory Service    Database
Dependencies    Inventory Service    Dependencies
Admin    Inventory Service    Admin
Load    Inventory Load    Load
Answers Under Load    Inventory Load    Answers
Resources    Inventory Load    Resources
