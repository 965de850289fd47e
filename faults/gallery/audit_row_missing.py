"""An adjustment leaves nothing in the audit log."""

RULE = "section 4: every adjustment leaves a row in inventory.audit_log"
SQL = [
    (
        "adjust",
        "VALUES (p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now)",
        "SELECT p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now WHERE false",
    )
]
