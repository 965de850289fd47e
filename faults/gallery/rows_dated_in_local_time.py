"""Rows are dated by a clock that is two hours ahead of UTC."""

RULE = "5.1 S: days end at 00:00 UTC"
SQL = [
    (function, "v_now := clock_timestamp();", "v_now := clock_timestamp() + interval '2 hours';")
    for function in ("add_items", "reserve", "end_reservation", "adjust")
]
