"""A read makes no snapshot where nothing has moved since the last one, and tells nothing of what that has."""

RULE = "5.1 S: when a balance is asked for, exactly one row a variant is made, for yesterday"
_OPEN = "inventory.day_is_open(p_user, p_section, v_today)"
_MOVED = """EXISTS (
    SELECT FROM inventory.operations o
    WHERE o.user_id = p_user AND o.section_id = p_section AND o.created_at < v_today AND o.created_at >= ALL (
        SELECT (b.balance_date + 1)::timestamp AT TIME ZONE 'UTC' FROM inventory.daily_balances b
        WHERE b.user_id = p_user AND b.section_id = p_section))"""
SQL = [("read_section", _OPEN, f"{_OPEN} AND {_MOVED}")]
