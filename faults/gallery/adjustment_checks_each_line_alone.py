"""An adjustment that names a variant twice passes when each line alone does."""

RULE = "4.9 S, law 2: an adjustment below zero is refused"
SQL = [("balances_of", "GROUP BY 1, 2, 3", "GROUP BY 1, 2, 3, u.pos")]
