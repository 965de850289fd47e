"""What active reservations leave free cannot be adjusted away to the last one."""

RULE = "4.9 H: what active reservations hold cannot be adjusted away, the rest can"
SQL = [("taken_from_reservations", "b.quantity + b.change < held.quantity", "b.quantity + b.change <= held.quantity")]
