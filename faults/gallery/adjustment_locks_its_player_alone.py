"""An adjustment waits for its player, and not for another player's call under the same operation id."""

RULE = "4.11 H: an operation id stands for one call, also when two arrive at the same instant"
SQL = [("adjust", "PERFORM inventory.lock_operation(p_operation);\n", "")]
