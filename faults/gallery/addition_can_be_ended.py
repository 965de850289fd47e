"""An addition to factory can be returned and consumed like a reservation."""

RULE = "4.6 S: 404 when this user has no such reservation; an addition is none"
SQL = [
    ("end_reservation", "o.operation_type_id = p_reservation\n      AND o.section_id", "o.section_id"),
    (
        "end_reservation",
        "o.user_id = p_user AND o.operation_type_id <> p_reservation",
        "o.user_id = p_user AND o.section_id = p_factory AND o.quantity_change < 0",
    ),
]
