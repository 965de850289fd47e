"""The first read of the day fails while another call on the player is under way."""

RULE = "5.1 S: asking for a balance at the same time makes no second snapshot, and is answered"
SQL = [
    (
        "read_section",
        "PERFORM inventory.lock_player(p_user);",
        """IF NOT pg_try_advisory_xact_lock(hashtextextended(p_user::text, 1)) THEN
            RAISE EXCEPTION 'busy' USING ERRCODE = 'lock_not_available';
        END IF;""",
    )
]
