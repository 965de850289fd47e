"""The snapshot that a write makes counts the rows of today's 00:00:00 as yesterday's."""

RULE = "5.1 S: a row of exactly 00:00:00 belongs to the new day"
SQL = [
    (
        function,
        f"v_made := inventory.close_day(p_user, {section}, v_today);",
        f"PERFORM set_config('faults.writes', 'yes', true); v_made := inventory.close_day(p_user, {section}, v_today);",
    )
    for function, section in (("adjust", "p_section"), ("reserve", "p_main"), ("end_reservation", "p_factory"))
] + [
    (
        "close_day",
        "o.created_at < p_today)",
        "(o.created_at < p_today OR o.created_at = p_today AND current_setting('faults.writes', true) = 'yes'))",
    )
]
