"""The services' role may change what is written beside a row of the ledger."""

RULE = "5.4 H: the services' database role can only add to operations and audit_log"
STATEMENTS = ["GRANT UPDATE (comment) ON inventory.operations TO inventory_service"]
