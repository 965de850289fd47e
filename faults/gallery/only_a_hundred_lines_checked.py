"""Only the first hundred lines of a call are looked at before items are taken."""

RULE = "law 2: no balance is ever below zero"
SQL = [
    (
        "refusal",
        "inventory.balances_of(p_user, p_section, p_items, p_collections, p_qualities, p_changes, p_today)",
        (
            "inventory.balances_of(p_user, p_section, p_items[1:100], p_collections[1:100], p_qualities[1:100],"
            " p_changes[1:100], p_today)"
        ),
    )
]
