"""Concurrent calls on one player do not wait for each other."""

RULE = "law 2 under concurrency: no balance is ever below zero"
SQL = [("lock_player", "PERFORM pg_advisory_xact_lock(hashtextextended(p_user::text, 1));", "NULL;")]
