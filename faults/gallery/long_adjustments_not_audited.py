"""An adjustment of more than a hundred lines is not in the audit log."""

RULE = "4.9 S: every adjustment is in the audit log"
_ENTRY = "p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now"
SQL = [("adjust", f"VALUES ({_ENTRY})", f"SELECT {_ENTRY} WHERE cardinality(p_items) <= 100")]
