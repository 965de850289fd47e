"""A snapshot is made for the day before yesterday too."""

RULE = "5.1 S: days in between are not filled"
SQL = [
    (
        "close_day",
        "GET DIAGNOSTICS v_rows = ROW_COUNT;",
        """GET DIAGNOSTICS v_rows = ROW_COUNT;
    INSERT INTO inventory.daily_balances
        (user_id, section_id, item_id, collection_id, quality_level_id, balance_date, quantity, created_at)
    SELECT p_user, p_section, o.item_id, o.collection_id, o.quality_level_id, v_yesterday - 1, sum(o.quantity_change),
           clock_timestamp()
    FROM inventory.operations o
    WHERE o.user_id = p_user AND o.section_id = p_section AND o.created_at < p_today - interval '1 day'
    GROUP BY o.item_id, o.collection_id, o.quality_level_id HAVING sum(o.quantity_change) >= 0
    ON CONFLICT DO NOTHING;""",
    )
]
