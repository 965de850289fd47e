"""A call on a player with a snapshot does not wait for another one on the same player, and answers 503."""

RULE = "law 7: concurrent calls on one player are answered as if one came after the other"
SQL = [
    (
        "lock_player",
        "PERFORM pg_advisory_xact_lock(hashtextextended(p_user::text, 1));",
        """IF NOT EXISTS (SELECT 1 FROM inventory.daily_balances WHERE user_id = p_user) THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(p_user::text, 1));
    ELSIF NOT pg_try_advisory_xact_lock(hashtextextended(p_user::text, 1)) THEN
        RAISE EXCEPTION 'busy' USING ERRCODE = 'lock_not_available';
    END IF;""",
    )
]
