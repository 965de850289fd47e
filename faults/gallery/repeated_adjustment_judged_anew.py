"""An adjustment that is sent again is refused where what it took is no longer there."""

RULE = "4.11 H: an adjustment that is sent again is answered like the first"
_EARLIER = """IF v_outcome.outcome IN ('repeated', 'conflict') THEN
        RETURN v_outcome;"""
_JUDGED_ANEW = """IF v_outcome.outcome IN ('repeated', 'conflict') THEN
        v_now := clock_timestamp();
        v_today := inventory.day_start(v_now);
        RETURN coalesce(inventory.refusal(p_user, p_section, p_items, p_collections, p_qualities, p_quantities,
                                          v_today), v_outcome);"""
SQL = [("adjust", _EARLIER, _JUDGED_ANEW)]
