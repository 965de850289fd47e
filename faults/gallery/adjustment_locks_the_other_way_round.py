"""An adjustment waits for its player first and for its operation then, all other writes the other way round."""

RULE = "law 7 S: calls of one player at once are answered as if they came one after the other"
_OPERATION = "PERFORM inventory.lock_operation(p_operation);\n"
_PLAYER = "PERFORM inventory.lock_player(p_user);\n"
SQL = [("adjust", f"{_OPERATION}    {_PLAYER}", f"{_PLAYER}    {_OPERATION}")]
