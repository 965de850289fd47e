"""What a player has in other sections counts as if it could be taken."""

RULE = "law 2: no balance is ever below zero, in any section"
SQL = [
    (
        "balances_of",
        "o.user_id = p_user AND o.section_id = p_section AND o.item_id = v.i",
        "o.user_id = p_user AND o.item_id = v.i",
    )
]
