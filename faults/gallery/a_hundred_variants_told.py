"""An inventory tells the first hundred variants."""

RULE = "4.3 S: an inventory tells everything above zero"
SQL = [
    (
        "read_section",
        "ORDER BY r.item_id, r.collection_id, r.quality_level_id;",
        "ORDER BY r.item_id, r.collection_id, r.quality_level_id LIMIT 100;",
    )
]
