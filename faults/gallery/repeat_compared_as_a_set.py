"""A call with a line twice is taken for a repeat of the call with that line once, and the other way round."""

RULE = "4.11 H: the same operation_id with other content is 409 operation_conflict"
_ORDER = "\n                     ORDER BY o.item_id, o.collection_id, o.quality_level_id, o.quantity_change)"
SQL = [
    ("earlier", "array_agg((o.item_id", "array_agg(DISTINCT (o.item_id"),
    ("earlier", _ORDER, ")"),
    (
        "earlier",
        "array_agg((u.i, u.c, u.q, u.n)::text ORDER BY u.i, u.c, u.q, u.n)",
        "array_agg(DISTINCT (u.i, u.c, u.q, u.n)::text)",
    ),
]
