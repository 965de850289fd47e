"""Consuming a reservation of more than one item takes one item too many."""

RULE = "law 3: consuming lowers the total by exactly the reserved amount"
SQL = [("end_reservation", "side.sign * u.n", "side.sign * u.n - CASE WHEN p_main IS NULL THEN 1 ELSE 0 END")]
