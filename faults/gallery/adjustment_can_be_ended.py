"""An adjustment of factory can be returned and consumed like a reservation."""

RULE = "4.6 S: 404 when this user has no such reservation"
SQL = [
    (
        "end_reservation",
        "o.operation_type_id = p_reservation\n      AND",
        "o.operation_type_id IN (p_reservation, inventory.code_id('operation_type', 'admin_adjustment'))\n      AND",
    ),
    (
        "end_reservation",
        "o.user_id = p_user AND o.operation_type_id <> p_reservation",
        "o.user_id = p_user AND o.section_id = p_factory AND o.quantity_change < 0",
    ),
]
