"""A reservation can be ended as often as one likes, with a 200 and its rows each time."""

RULE = "4.12 S, law 3: a reservation ends once"
SQL = [
    ("end_reservation", "o.operation_type_id <> p_reservation", "false"),
    ("end_reservation", "IF v_outcome.outcome IS NOT NULL THEN", "IF false THEN"),
]
