"""The audit log tells of each line of an adjustment what it alone would have changed."""

RULE = "4.10 H: the audit log has each variant's balance before and after"
_IDS = "v_ids := inventory.new_ids(cardinality(p_items));"
_LINES = """SELECT jsonb_agg((p_variants -> (u.pos::integer - 1))
                     || jsonb_build_object('before', b.quantity, 'after', b.quantity + u.n) ORDER BY u.pos)
    INTO v_lines
    FROM unnest(p_items, p_collections, p_qualities, p_quantities) WITH ORDINALITY AS u (i, c, q, n, pos)
    JOIN inventory.balances_of(p_user, p_section, p_items, p_collections, p_qualities, p_quantities, v_today) b
      ON (b.item_id, b.collection_id, b.quality_level_id) = (u.i, u.c, u.q);
    """
SQL = [
    ("adjust", "v_before  jsonb;", "v_before  jsonb; v_lines jsonb;"),
    ("adjust", _IDS, _LINES + _IDS),
    ("adjust", "p_section_code, v_before, p_reason", "p_section_code, v_lines, p_reason"),
]
