"""Days begin at midnight of the database's own time zone."""

RULE = "5.1 S: days end at 00:00 UTC"
SQL = [("day_start", "date_trunc('day', p_at, 'UTC')", "date_trunc('day', p_at)")]
