"""An adjustment of trade does not wait for other calls on the player: two take the last one that is there."""

RULE = "law 2: no balance is ever below zero, in any section, under any concurrency"
_LOCK = "PERFORM inventory.lock_player(p_user);"
SQL = [("adjust", _LOCK, f"IF p_section_code <> 'trade' THEN {_LOCK} END IF;")]
