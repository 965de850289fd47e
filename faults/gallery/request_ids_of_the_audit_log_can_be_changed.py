"""Who mends entries may change the request id in the audit log."""

RULE = "5.4 H: the audit log can only grow"
STATEMENTS = [
    "DROP TRIGGER audit_log_is_append_only ON inventory.audit_log",
    """CREATE TRIGGER audit_log_is_append_only
       BEFORE UPDATE OF id, admin_id, user_id, operation_id, section, changes, reason, created_at OR DELETE
       ON inventory.audit_log FOR EACH STATEMENT EXECUTE FUNCTION inventory.refuse_ledger_change()""",
    "GRANT UPDATE (request_id) ON inventory.audit_log TO inventory_service",
]
