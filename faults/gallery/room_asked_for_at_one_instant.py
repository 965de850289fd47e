"""Additions at one instant each find room for themselves, and pass the limit together."""

RULE = "4.1 H: balances that would pass 2^62 are refused"
SQL = [("add_items", "PERFORM inventory.lock_player(p_user);", "NULL;")]
