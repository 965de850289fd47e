"""The snapshot that a write makes lacks the rows of exactly 00:00:00 after the last one."""

RULE = "5.1 S: a row of exactly 00:00:00 belongs to the new day"
_SINCE = "o.created_at >= COALESCE((last.balance_date + 1)::timestamp AT TIME ZONE 'UTC', '-infinity')"
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
        _SINCE,
        (
            f"{_SINCE} AND (current_setting('faults.writes', true) IS DISTINCT FROM 'yes'"
            " OR o.created_at > COALESCE((last.balance_date + 1)::timestamp AT TIME ZONE 'UTC', '-infinity'))"
        ),
    )
]
