"""A new snapshot starts from nothing instead of from the last one."""

RULE = "law 1: balance = latest snapshot + everything after it"
SQL = [("close_day", "COALESCE(last.quantity, 0) + ", "")]
