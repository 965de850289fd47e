"""What reservations hold is asked for only when every line of an adjustment takes something away."""

RULE = "4.9 H: what an active reservation holds cannot be adjusted away"
SQL = [("adjust", "0 > ANY (p_quantities)", "0 > ALL (p_quantities)")]
