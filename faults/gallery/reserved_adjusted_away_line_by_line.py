"""An adjustment takes what reservations hold, when each of its lines alone would leave it."""

RULE = "4.9 H: what active reservations hold cannot be adjusted away"
SQL = [
    (
        "taken_from_reservations",
        "b.quantity + b.change < held.quantity",
        """b.quantity + (SELECT min(u.n) FROM unnest(p_items, p_collections, p_qualities, p_changes) AS u (i, c, q, n)
                        WHERE (u.i, u.c, u.q) = (b.item_id, b.collection_id, b.quality_level_id)) < held.quantity""",
    )
]
