"""A reservation of several items takes those that are there and answers 200."""

RULE = "law 4: the rows of one call stand together or not at all"

_REFUSE = """IF v_outcome.outcome IS NOT NULL THEN
        v_outcome.made := v_made;
        RETURN v_outcome;
    END IF;"""
_TAKE_WHAT_IS_THERE = """SELECT array_agg((t.item_id, t.collection_id, t.quality_level_id,
                      t.change::bigint)::inventory.variant_change) INTO v_taken
    FROM inventory.balances_of(p_user, p_main, v_taken, v_today) t WHERE t.quantity + t.change >= 0;
    IF v_taken IS NULL THEN
        RETURN v_outcome;
    END IF;"""
SQL = [("reserve", _REFUSE, _TAKE_WHAT_IS_THERE)]
