"""A day is closed for what there is, and not for what was used up."""

RULE = "5.1 S: exactly one snapshot a variant"
SQL = [
    (
        "close_day",
        "WHERE last.quantity IS NOT NULL OR since.change IS NOT NULL",
        "WHERE COALESCE(last.quantity, 0) + COALESCE(since.change, 0) > 0",
    )
]
