"""An adjustment makes a snapshot of nothing for a player without history."""

RULE = "5.1 S: a player without history gets no snapshot"
SQL = [
    (
        "adjust",
        "v_ids := inventory.new_ids(cardinality(p_items));",
        """INSERT INTO inventory.daily_balances (user_id, section_id, item_id, collection_id, quality_level_id,
                                          balance_date, quantity, created_at)
    SELECT p_user, p_section, u.i, u.c, u.q, (v_today AT TIME ZONE 'UTC')::date - 1, 0, v_now
    FROM unnest(p_items, p_collections, p_qualities) AS u (i, c, q) ON CONFLICT DO NOTHING;
    v_ids := inventory.new_ids(cardinality(p_items));""",
    )
]
