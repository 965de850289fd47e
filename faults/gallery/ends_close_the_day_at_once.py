"""Ends of reservations close the day before they wait for each other, and fail where another has closed it."""

RULE = "5.1 S: asking for a balance at the same time makes no second snapshot, and is answered"
SQL = [
    ("close_day", "ON CONFLICT DO NOTHING;", ";"),
    (
        "end_reservation",
        "PERFORM inventory.lock_player(p_user);",
        """PERFORM inventory.close_day(p_user, p_factory, inventory.day_start(clock_timestamp()));
    PERFORM inventory.lock_player(p_user);""",
    ),
]
