"""Two ends of one reservation at one instant do not wait for each other."""

RULE = "4.12 S, law 3: a reservation ends once, at whichever instant"
SQL = [("end_reservation", "PERFORM inventory.lock_player(p_user);", "NULL;")]
