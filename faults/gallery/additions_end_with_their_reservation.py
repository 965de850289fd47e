"""An addition to the factory under the id of a reservation is taken, and ends with it."""

RULE = "4.6 S, 4.7 S: an end is of the reservation; an addition is none"
SQL = [
    ("earlier", "RETURN ('conflict', NULL, NULL, 0)::inventory.outcome;", "RETURN NULL;"),
    ("end_reservation", "o.operation_type_id = p_reservation\n      AND o.section_id", "o.section_id"),
    (
        "end_reservation",
        "o.user_id = p_user AND o.operation_type_id <> p_reservation",
        "o.user_id = p_user AND o.section_id = p_factory AND o.quantity_change < 0",
    ),
]
