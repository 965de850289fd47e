"""The rows of a section are walked through in an order in which collections of an item are passed over."""

RULE = "5.1 S: exactly one row a variant is made"
SQL = [
    (
        "close_day",
        "ORDER BY o.item_id, o.collection_id, o.quality_level_id LIMIT 1) n",
        "ORDER BY o.item_id, o.collection_id DESC, o.quality_level_id LIMIT 1) n",
    )
]
