"""An addition of another quality is taken for a repeat."""

RULE = "4.11 H: the same operation_id with other content is 409 operation_conflict"
SQL = [
    (
        "earlier",
        "(o.item_id, o.collection_id, o.quality_level_id, o.quantity_change)::text",
        "(o.item_id, o.collection_id, o.quantity_change)::text",
    ),
    ("earlier", "(u.i, u.c, u.q, u.n)::text", "(u.i, u.c, u.n)::text"),
]
