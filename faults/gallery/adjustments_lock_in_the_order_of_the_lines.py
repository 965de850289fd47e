"""An adjustment locks one variant after the other as they stand in the call, so that two can block each other."""

RULE = "law 7: concurrent calls on one player are answered as if one came after the other"
SQL = [
    (
        "adjust",
        "PERFORM inventory.lock_player(p_user);",
        """FOR i IN 1..cardinality(p_items) LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended(p_user::text || p_items[i]::text, 3));
        PERFORM pg_sleep(0.002);
    END LOOP;
    PERFORM inventory.lock_player(p_user);""",
    )
]
