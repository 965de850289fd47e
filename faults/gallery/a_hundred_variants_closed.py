"""A day is closed for the first hundred variants."""

RULE = "5.1 S, law 1: exactly one snapshot a variant"
SQL = [("close_day", "SELECT * FROM moved UNION SELECT * FROM closed", "SELECT * FROM moved LIMIT 100")]
