"""A reservation makes a snapshot for today too, which is wrong as soon as something else happens today."""

RULE = "5.1 S: today gets no snapshot"
SQL = [
    (
        "reserve",
        "v_ids := inventory.new_ids(2 * cardinality(v_taken));",
        """INSERT INTO inventory.daily_balances (user_id, section_id, item_id, collection_id, quality_level_id,
                                          balance_date, quantity, created_at)
    SELECT p_user, p_main, b.item_id, b.collection_id, b.quality_level_id, (v_today AT TIME ZONE 'UTC')::date,
           b.quantity + b.change, v_now
    FROM inventory.balances_of(p_user, p_main, v_items, v_collections, v_qualities, v_taken, v_today) b
    ON CONFLICT DO NOTHING;
    v_ids := inventory.new_ids(2 * cardinality(v_taken));""",
    )
]
