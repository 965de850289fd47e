-- Balances end at 2^62 for small amounts too (contract 4.1). What a section has is asked for only where it can be so much:
-- where somebody put a large amount into it once, which nearly nobody has; half a million smaller ones would be needed.
CREATE OR REPLACE FUNCTION inventory.is_full(p_user uuid, p_section uuid, p_items uuid[], p_collections uuid[],
                                             p_qualities uuid[], p_changes bigint[], p_today timestamptz)
RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF (SELECT max(u.n) < 8796093022208 FROM unnest(p_changes) AS u (n))
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
