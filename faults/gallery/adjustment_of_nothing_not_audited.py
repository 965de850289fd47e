"""An adjustment that changes nothing in sum is not in the audit log."""

_CHANGED = (
    "EXISTS (SELECT FROM jsonb_array_elements(v_before) AS c (change)"
    " WHERE c.change -> 'before' <> c.change -> 'after')"
)

RULE = "4.9 S: every adjustment is in the audit log"
SQL = [
    (
        "adjust",
        "VALUES (p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now);",
        (
            "SELECT p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now"
            f" WHERE {_CHANGED};"
        ),
    )
]
