"""A new snapshot begins with the last one of any quality of the item."""

RULE = "5.1 S: a snapshot is the last one of the variant + everything after it"
SQL = [
    (
        "close_day",
        "AND b.collection_id = v.collection_id AND b.quality_level_id = v.quality_level_id",
        "AND b.collection_id = v.collection_id",
    )
]
