"""Ending a reservation closes yesterday with what was done today."""

RULE = "5.1 S: yesterday's snapshot has everything up to the end of yesterday"
SQL = [
    (
        "end_reservation",
        "v_made := inventory.close_day(p_user, p_factory, v_today);",
        "v_made := inventory.close_day(p_user, p_factory, v_now);",
    )
]
