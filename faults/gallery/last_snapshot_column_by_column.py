"""A new snapshot begins with the largest quantity of all earlier ones, which it dates as the last one."""

RULE = "5.1 S: a snapshot is the last one + everything after it"
SQL = [
    (
        "close_day",
        "SELECT b.quantity, b.balance_date FROM",
        "SELECT max(b.quantity) AS quantity, max(b.balance_date) AS balance_date FROM",
    ),
    (
        "close_day",
        "AND b.balance_date < v_yesterday\n        ORDER BY b.balance_date DESC LIMIT 1) last",
        "AND b.balance_date < v_yesterday) last",
    ),
]
