"""What a write may take is counted from midnight of the database's own time zone on."""

RULE = "law 2: no balance is ever below zero, 5.1 S: days end at 00:00 UTC"
SQL = [
    ("balances_of", "(last.balance_date + 1)::timestamp AT TIME ZONE 'UTC'", "(last.balance_date + 1)::timestamptz"),
]
