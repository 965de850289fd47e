"""A reservation looks whether there is enough before it waits for other calls on its player, and then writes."""

RULE = "law 2, law 7: no balance is ever below zero, under any concurrency"
_LOCK = "PERFORM inventory.lock_player(p_user);\n    "
_WRITE = "v_ids := inventory.new_ids("
SQL = [("reserve", _LOCK, ""), ("reserve", _WRITE, _LOCK + _WRITE)]
