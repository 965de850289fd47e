"""The day before is looked for by what a day becomes when one is added, for which no index helps."""

RULE = "5.2 S: the cost of a read does not grow with the length of the history"
SQL = [
    (
        "read_section",
        "AND b.balance_date = (v_today AT TIME ZONE 'UTC')::date - 1",
        "AND b.balance_date + 1 = (v_today AT TIME ZONE 'UTC')::date",
    )
]
