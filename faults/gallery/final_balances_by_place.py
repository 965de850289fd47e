"""The balances after an adjustment are named by their place among the variants, not among the lines of the call."""

RULE = "4.9 S: final_balances are of the items that were changed"
OF = "inventory.balances_of(p_user, p_section, p_items, p_collections, p_qualities, p_quantities, v_today)"
SQL = [
    ("adjust", "(b.pos::integer - 1)", "(b.place::integer - 1)"),
    ("adjust", "ORDER BY b.pos)", "ORDER BY b.place)"),
    (
        "adjust",
        f"FROM {OF} b;",
        f"FROM (SELECT r.quantity, r.change, row_number() OVER (ORDER BY r.pos) AS place FROM {OF} r) b;",
    ),
]
