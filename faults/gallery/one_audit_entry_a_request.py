"""A second adjustment under a request id is not in the audit log."""

RULE = "4.9 S: every adjustment is in the audit log"
_VALUES = "p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now"
_SEEN = "(SELECT 1 FROM inventory.audit_log a WHERE a.user_id = p_user AND a.request_id = p_request)"
SQL = [("adjust", f"VALUES ({_VALUES});", f"SELECT {_VALUES} WHERE NOT EXISTS {_SEEN};")]
