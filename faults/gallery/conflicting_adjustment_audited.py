"""An adjustment whose id stands for another one is refused, and stands in the audit log."""

RULE = "4.9 S, 4.11 H: a refused adjustment is not in the audit log"
SQL = [
    (
        "adjust",
        "IF v_outcome.outcome IN ('repeated', 'conflict') THEN",
        """IF v_outcome.outcome = 'conflict' THEN
        INSERT INTO inventory.audit_log (admin_id, user_id, operation_id, section, changes, reason, request_id,
                                         created_at)
        VALUES (p_admin, p_user, p_operation, p_section_code, '[]', p_reason, p_request, clock_timestamp());
    END IF;
    IF v_outcome.outcome IN ('repeated', 'conflict') THEN""",
    )
]
