"""A snapshot counts the rows of all quality levels for each of them."""

RULE = "law 1: a balance is that of its variant alone"
SQL = [
    (
        "close_day",
        "AND o.collection_id = v.collection_id AND o.quality_level_id = v.quality_level_id",
        "AND o.collection_id = v.collection_id",
    )
]
