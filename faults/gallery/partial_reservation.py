"""A reservation of several items takes those that are there and answers 200."""

RULE = "law 4: the rows of one call stand together or not at all"

_REFUSE = """IF v_outcome.outcome IS NOT NULL THEN
        v_outcome.made := v_made;
        RETURN v_outcome;
    END IF;"""
_TAKE_WHAT_IS_THERE = """SELECT array_agg(t.item_id), array_agg(t.collection_id), array_agg(t.quality_level_id),
           array_agg(t.change::bigint)
    INTO v_items, v_collections, v_qualities, v_taken
    FROM inventory.balances_of(p_user, p_main, v_items, v_collections, v_qualities, v_taken, v_today) t
    WHERE t.quantity + t.change >= 0;
    IF v_taken IS NULL THEN
        RETURN v_outcome;
    END IF;"""
SQL = [("reserve", _REFUSE, _TAKE_WHAT_IS_THERE)]
