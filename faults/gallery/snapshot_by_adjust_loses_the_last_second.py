"""The snapshot that an adjustment makes lacks the last second of yesterday."""

RULE = "5.1 S: a row of the last microsecond before midnight belongs to the old day"
SQL = [
    (
        "adjust",
        "v_made := inventory.close_day(p_user, p_section, v_today);",
        """PERFORM set_config('faults.writes', 'yes', true);
        v_made := inventory.close_day(p_user, p_section, v_today);""",
    ),
    (
        "close_day",
        "o.created_at < p_today)",
        (
            "o.created_at < p_today - CASE current_setting('faults.writes', true)"
            " WHEN 'yes' THEN interval '1 second' ELSE interval '0' END)"
        ),
    ),
]
