"""An adjustment takes what an active reservation holds, which can then never be returned."""

RULE = "4.9 H: what active reservations hold cannot be adjusted away"
SQL = [("adjust", "p_section_code = 'factory' AND 0 > ANY", "false AND 0 > ANY")]
