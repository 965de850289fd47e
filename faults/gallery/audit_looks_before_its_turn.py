"""The audit log's balances are read before the adjustment waits for others on its player; the answer's afterwards."""

RULE = "4.10 H: the audit log has each variant's balance before and after"
_LOCK = "PERFORM inventory.lock_player(p_user);"
_EARLY = """SELECT jsonb_agg((p_variants -> (b.pos::integer - 1))
                     || jsonb_build_object('before', b.quantity, 'after', b.quantity + b.change) ORDER BY b.pos)
    INTO v_early
    FROM inventory.balances_of(p_user, p_section, p_items, p_collections, p_qualities, p_quantities,
                               inventory.day_start(clock_timestamp())) b;
    """
SQL = [
    ("adjust", "v_before  jsonb;", "v_before  jsonb; v_early jsonb;"),
    ("adjust", _LOCK, _EARLY + _LOCK),
    ("adjust", "p_section_code, v_before, p_reason", "p_section_code, v_early, p_reason"),
]
