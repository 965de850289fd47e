"""A reservation can be returned although it was consumed, or consumed twice."""

RULE = "4.12 H: every end of a reservation but the first is 409"
SQL = [("end_reservation", "o.operation_type_id <> p_reservation", "false")]
