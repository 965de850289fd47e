"""An adjustment waits for other adjustments of its section only, not for reservations of the player."""

RULE = "law 2: no balance is ever below zero"
SQL = [
    (
        "adjust",
        "PERFORM inventory.lock_player(p_user);",
        "PERFORM pg_advisory_xact_lock(hashtextextended(p_user::text || p_section::text, 1));",
    )
]
