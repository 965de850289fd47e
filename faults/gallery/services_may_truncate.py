"""The services' role may empty the ledger."""

RULE = "5.4 H: the services' database role can only add to operations and audit_log"
STATEMENTS = ["GRANT TRUNCATE ON inventory.operations, inventory.audit_log TO inventory_service"]
