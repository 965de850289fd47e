-- What each write asks, without a query where an expression will do: a query costs several times as much.
CREATE OR REPLACE FUNCTION inventory.is_full(p_user uuid, p_section uuid, p_items uuid[], p_collections uuid[],
                                             p_qualities uuid[], p_changes bigint[], p_today timestamptz)
RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF 8796093022208 > ALL (p_changes)
       AND NOT EXISTS (SELECT FROM inventory.operations o
                       WHERE o.user_id = p_user AND o.quantity_change >= 8796093022208) THEN
        RETURN false;
    END IF;
    IF inventory.day_is_open(p_user, p_section, p_today) THEN
        PERFORM inventory.close_day(p_user, p_section, p_today);
    END IF;
    RETURN (inventory.refusal(p_user, p_section, p_items, p_collections, p_qualities, p_changes, p_today)).outcome
           IS NOT NULL;
END $$;

-- One id alone is in order.
CREATE OR REPLACE FUNCTION inventory.new_ids(p_count integer) RETURNS uuid[] LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF p_count = 1 THEN
        RETURN ARRAY[gen_random_uuid()];
    END IF;
    RETURN (SELECT array_agg(g.id ORDER BY g.id) FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, p_count)) g);
END $$;
