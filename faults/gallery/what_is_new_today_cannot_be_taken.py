"""Once a section has a snapshot, a write counts nothing of a variant that the section got today for the first time."""

RULE = "law 1: a balance is the latest snapshot + everything after it, 4.5 S, 4.6 S, 4.9 S"
_BALANCE = "COALESCE(last.quantity, 0) + COALESCE(since.change, 0)"
_CLOSED = (
    "EXISTS (SELECT FROM inventory.daily_balances b WHERE b.user_id = p_user AND b.section_id = p_section"
    " AND b.balance_date < (p_today AT TIME ZONE 'UTC')::date)"
)
SQL = [("balances_of", _BALANCE, f"CASE WHEN last.quantity IS NULL AND {_CLOSED} THEN 0 ELSE {_BALANCE} END")]
