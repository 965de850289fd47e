"""A variant of which the last snapshot says 0, and that has not moved since, gets none for yesterday."""

RULE = "5.1 S: exactly one row a variant is made, for yesterday"
SQL = [("close_day", "last.quantity IS NOT NULL OR", "last.quantity > 0 OR")]
