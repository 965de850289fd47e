"""An addition does not wait for another call on the same player, and answers 503."""

RULE = "law 7: concurrent calls on one player are answered as if one came after the other"
SQL = [
    (
        "add_items",
        "PERFORM inventory.lock_player(p_user);",
        """IF NOT pg_try_advisory_xact_lock(hashtextextended(p_user::text, 1)) THEN
        RAISE EXCEPTION 'busy' USING ERRCODE = 'lock_not_available';
    END IF;""",
    )
]
