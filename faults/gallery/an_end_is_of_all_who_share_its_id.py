"""Two players may have reservations under one id, and with the first that ends neither is active."""

RULE = "4.6 S, 4.7 S: an end is of this user's reservation"
SQL = [
    ("earlier", "RETURN ('conflict', NULL, NULL, 0)::inventory.outcome;", "RETURN NULL;"),
    (
        "end_reservation",
        "WHERE o.operation_id = p_operation AND o.user_id = p_user AND o.operation_type_id <> p_reservation",
        "WHERE o.operation_id = p_operation AND o.operation_type_id <> p_reservation",
    ),
]
