"""An adjustment is refused when what it takes of a variant is not there before what it gives."""

RULE = "4.9 S: an adjustment that ends above zero is made"
_CLOSED = "v_made := inventory.close_day(p_user, p_section, v_today);\n    END IF;"
_TAKEN = """
    v_outcome := inventory.refusal(p_user, p_section, p_items, p_collections, p_qualities,
                                   ARRAY(SELECT LEAST(u.n, 0) FROM unnest(p_quantities) AS u (n)), v_today);
    IF v_outcome.outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;"""
SQL = [("adjust", _CLOSED, _CLOSED + _TAKEN)]
