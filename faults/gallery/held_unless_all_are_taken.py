"""What reservations hold is looked at only where every line of an adjustment takes something away."""

RULE = "4.9 H: what active reservations hold cannot be adjusted away"
SQL = [("adjust", "0 > ANY (p_quantities)", "0 > ALL (p_quantities)")]
