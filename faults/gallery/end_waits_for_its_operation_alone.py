"""The end of a reservation waits for other ends of it only, not for adjustments, which may take what is reserved."""

RULE = "law 2: no balance is ever below zero, under any concurrency"
SQL = [
    (
        "end_reservation",
        "PERFORM inventory.lock_player(p_user);",
        "PERFORM inventory.lock_operation(p_operation);",
    ),
    # An adjustment of factory that leaves what reservations hold (4.9 H) never meets an end.
    ("adjust", "p_section_code = 'factory' AND 0 > ANY", "false AND 0 > ANY"),
]
