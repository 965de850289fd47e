"""A read closes the day without waiting for the player's writes that have begun."""

RULE = "5.1 S: a row of the last microsecond before 00:00:00 belongs to the old day"
SQL = [("read_section", "PERFORM inventory.lock_player(p_user);", "NULL;")]
