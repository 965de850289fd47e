"""That a reservation has ended is known for a day: after that it ends once more."""

_ENDED = "o.operation_type_id <> p_reservation"

RULE = "4.12 S, law 3: a reservation ends once"
SQL = [("end_reservation", _ENDED, f"{_ENDED} AND o.created_at > clock_timestamp() - interval '1 day'")]
