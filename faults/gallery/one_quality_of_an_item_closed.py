"""A day is closed for one quality level of each item and collection."""

RULE = "5.1 S, law 1: exactly one snapshot a variant"
SQL = [
    (
        "close_day",
        "(o.item_id, o.collection_id, o.quality_level_id) > (m.item_id, m.collection_id, m.quality_level_id)",
        "(o.item_id, o.collection_id) > (m.item_id, m.collection_id)",
    )
]
