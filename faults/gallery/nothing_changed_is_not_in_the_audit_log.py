"""An adjustment that changes no balance in the end is written, and left out of the audit log."""

RULE = "4.9 S: every adjustment is in the audit log"
SQL = [
    (
        "adjust",
        "VALUES (p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now);",
        """SELECT p_admin, p_user, p_operation, p_section_code, v_before, p_reason, p_request, v_now
    WHERE EXISTS (SELECT FROM unnest(p_items, p_collections, p_qualities, p_quantities) AS u (i, c, q, n)
                  GROUP BY u.i, u.c, u.q HAVING sum(u.n) <> 0);""",
    )
]
