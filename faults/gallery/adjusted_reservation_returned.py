"""A reservation whose items were adjusted away is returned all the same, and leaves a debt in the factory."""

RULE = "law 2: no balance is ever below zero"
SQL = [
    ("adjust", "p_section_code = 'factory' AND 0 > ANY", "false AND 0 > ANY"),
    (
        "end_reservation",
        "v_outcome := inventory.refusal(p_user, p_factory, v_items, v_collections, v_qualities, v_held, v_today);",
        "v_outcome := NULL;",
    ),
]
