"""A refused adjustment stands in the audit log when it is the call that closes the player's day."""

RULE = "4.9 S: a refused adjustment is not in the audit log"
SQL = [
    (
        "adjust",
        "v_outcome.made := v_made;",
        """v_outcome.made := v_made;
        IF v_made > 0 THEN
            INSERT INTO inventory.audit_log (admin_id, user_id, operation_id, section, changes, reason, request_id,
                                             created_at)
            VALUES (p_admin, p_user, p_operation, p_section_code, '[]', p_reason, p_request, v_now);
        END IF;""",
    )
]
