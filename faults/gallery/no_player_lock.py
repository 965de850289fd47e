"""Concurrent calls on one player do not wait for each other."""

RULE = "law 2: no balance is ever below zero, under any concurrency"
SQL = [("lock_player", "PERFORM pg_advisory_xact_lock(hashtextextended(p_user::text, 1));", "NULL;")]
