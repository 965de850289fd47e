"""A variant that is named twice is there when each line alone is."""

RULE = "4.5 S: the same variant named twice counts as its sum"
SQL = [
    ("reserve", "GROUP BY 1, 2, 3", "GROUP BY 1, 2, 3, u.pos"),
    ("balances_of", "GROUP BY 1, 2, 3", "GROUP BY 1, 2, 3, u.pos"),
]
