"""The snapshots of a section are walked through in an order in which collections of an item are passed over."""

RULE = "5.1 S: exactly one row a variant is made"
SQL = [
    (
        "close_day",
        "ORDER BY b.item_id, b.collection_id, b.quality_level_id LIMIT 1) n",
        "ORDER BY b.item_id, b.collection_id DESC, b.quality_level_id LIMIT 1) n",
    )
]
