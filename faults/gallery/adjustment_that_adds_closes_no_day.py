"""An adjustment that takes nothing away leaves yesterday without a snapshot, and tells balances all the same."""

RULE = "5.1 S: when a balance is asked for, by a write too, exactly one row a variant is made, for yesterday"
SQL = [("adjust", "IF inventory.day_is_open(", "IF 0 > ANY (p_quantities) AND inventory.day_is_open(")]
