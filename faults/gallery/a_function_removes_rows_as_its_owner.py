"""Whoever may connect may run a function that removes a player's rows as its owner."""

RULE = "5.4 H: the services' database role can only add to operations and audit_log"
_FUNCTION = "inventory.forget_player(p_user uuid)"
_BODY = "BEGIN ATOMIC DELETE FROM inventory.operations WHERE user_id = p_user; END"
STATEMENTS = [f"CREATE FUNCTION {_FUNCTION} RETURNS void LANGUAGE sql SECURITY DEFINER {_BODY}"]
