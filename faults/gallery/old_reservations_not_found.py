"""A reservation of last month can no longer be ended."""

RULE = "4.6 S: an active reservation can be returned"
SQL = [
    (
        "end_reservation",
        "o.operation_type_id = p_reservation\n",
        "o.operation_type_id = p_reservation\n      AND o.created_at > now() - interval '30 days'\n",
    )
]
