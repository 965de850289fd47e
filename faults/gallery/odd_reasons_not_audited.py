"""The entry of the audit log is put together as text, and is left out where a quote in the reason breaks it."""

RULE = "4.9 S: every adjustment is in the audit log"
SQL = [
    (
        "adjust",
        """VALUES (p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now);""",
        """SELECT p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now
    WHERE p_reason NOT LIKE '%''%';""",
    )
]
