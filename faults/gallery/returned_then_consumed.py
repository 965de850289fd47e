"""A reservation that was returned can be consumed as well, from what others hold in factory."""

RULE = "4.12 S, law 3: a reservation ends once"
SQL = [("end_reservation", "o.operation_type_id <> p_reservation", "o.operation_type_id = p_end")]
