"""A reservation can be returned although it was consumed, or consumed twice."""

RULE = "section 4: a reservation ends once"
SQL = [("end_reservation", "o.operation_type_id <> p_reservation", "false")]
