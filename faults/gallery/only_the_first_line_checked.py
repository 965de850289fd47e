"""Only the first line of a call is looked at before items are taken."""

RULE = "law 2: no balance is ever below zero"
SQL = [
    (
        "refusal",
        "inventory.balances_of(p_user, p_section, p_items, p_collections, p_qualities, p_changes, p_today)",
        (
            "inventory.balances_of(p_user, p_section, p_items[1:1], p_collections[1:1], p_qualities[1:1],"
            " p_changes[1:1], p_today)"
        ),
    )
]
