"""Whether there is enough is asked of the last snapshot of any section."""

RULE = "law 2, 4.5 S, 4.9 S: no balance is below zero in any section"
SQL = [
    (
        "balances_of",
        "WHERE b.user_id = p_user AND b.section_id = p_section AND b.item_id = v.i",
        "WHERE b.user_id = p_user AND b.item_id = v.i",
    )
]
