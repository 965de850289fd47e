-- A section that takes a large amount is asked for its balance, so it closes yesterday like one that gives (contract,
-- section 5: daily balances). The caller holds the player's lock. The rows made here are not in the outcome's `made`,
-- which tells of the section that gives.
CREATE OR REPLACE FUNCTION inventory.is_full(p_user uuid, p_section uuid, p_items uuid[], p_collections uuid[],
                                             p_qualities uuid[], p_changes bigint[], p_today timestamptz)
RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF (SELECT max(u.n) < 8796093022208 FROM unnest(p_changes) AS u (n)) THEN
        RETURN false;
    END IF;
    IF inventory.day_is_open(p_user, p_section, p_today) THEN
        PERFORM inventory.close_day(p_user, p_section, p_today);
    END IF;
    RETURN (inventory.refusal(p_user, p_section, p_items, p_collections, p_qualities, p_changes, p_today)).outcome
           IS NOT NULL;
END $$;
