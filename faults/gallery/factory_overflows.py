"""Nobody looks how much there is already where a reservation puts its items, or a return."""

RULE = "4.1 H: balances that would pass 2^62 are refused"
SQL = [
    ("reserve", "IF inventory.is_full(", "IF false AND inventory.is_full("),
    ("end_reservation", "IF p_main IS NOT NULL AND", "IF false AND p_main IS NOT NULL AND"),
]
