"""A connection to the database goes on with the day on which it was opened."""

RULE = "5.1 S: days end at 00:00 UTC"
PROVEN_BY = "resilience"
# What a connection was told once stays until it is closed.
_REMEMBERED = (
    "SELECT COALESCE(nullif(current_setting('faults.day', true), ''), "
    "set_config('faults.day', date_trunc('day', p_at, 'UTC')::text, false))::timestamptz"
)
SQL = [("day_start", "SELECT date_trunc('day', p_at, 'UTC')", _REMEMBERED)]
