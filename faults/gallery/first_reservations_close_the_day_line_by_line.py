"""The first reservation of a day makes yesterday's rows in the order of its lines, before it waits for others."""

RULE = "law 7: concurrent calls on one player are answered as if one came after the other; 4.1 S: never a 5xx"
_LOCK = "PERFORM inventory.lock_player(p_user);"
_CLOSE_LINES = """IF inventory.day_is_open(p_user, p_main, inventory.day_start(clock_timestamp())) THEN
        FOR i IN 1..cardinality(p_items) LOOP
            INSERT INTO inventory.daily_balances
                (user_id, section_id, item_id, collection_id, quality_level_id, balance_date, quantity, created_at)
            SELECT p_user, p_main, p_items[i], p_collections[i], p_qualities[i],
                   (clock_timestamp() AT TIME ZONE 'UTC')::date - 1, sum(o.quantity_change), clock_timestamp()
            FROM inventory.operations o
            WHERE o.user_id = p_user AND o.section_id = p_main AND o.item_id = p_items[i]
              AND o.collection_id = p_collections[i] AND o.quality_level_id = p_qualities[i]
              AND o.created_at < inventory.day_start(clock_timestamp())
            HAVING count(*) > 0
            ON CONFLICT DO NOTHING;
        END LOOP;
    END IF;
    """
SQL = [("reserve", _LOCK, _CLOSE_LINES + _LOCK)]
