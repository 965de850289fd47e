"""The snapshot is made for the day before yesterday."""

RULE = "5.1 S: the snapshot is yesterday's"
SQL = [("close_day", "(p_today AT TIME ZONE 'UTC')::date - 1", "(p_today AT TIME ZONE 'UTC')::date - 2")]
