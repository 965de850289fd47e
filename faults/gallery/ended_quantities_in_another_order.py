"""The end of a reservation puts its items into another order than their quantities."""

RULE = "law 3 S: what was reserved, and nothing else, comes back or is consumed"
_TEXT = "array_agg(o.item_id ORDER BY o.id), array_agg(o.collection_id ORDER BY o.id),"
SQL = [("end_reservation", _TEXT, _TEXT.replace("ORDER BY o.id", "ORDER BY o.item_id, o.id"))]
