"""What reservations of before today hold can be adjusted away."""

RULE = "4.9 H: what active reservations hold cannot be adjusted away"
SQL = [("taken_from_reservations", "= ANY (v_types)) held", "= ANY (v_types) AND o.created_at >= p_today) held")]
