"""Rows older than 90 days are not counted."""

_SINCE = "COALESCE((last.balance_date + 1)::timestamp AT TIME ZONE 'UTC', '-infinity')"

RULE = "law 1: a balance is the sum of all its rows"
SQL = [
    ("close_day", _SINCE, _SINCE.replace("'-infinity'", "p_today - interval '90 days'")),
    ("balances_of", _SINCE, _SINCE.replace("'-infinity'", "p_today - interval '90 days'")),
]
