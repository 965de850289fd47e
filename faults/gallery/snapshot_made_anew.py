"""Each question for a balance makes yesterday's snapshot anew."""

RULE = "5.1 S: asking again does not change the first snapshot"
STATEMENTS = ["GRANT UPDATE ON inventory.daily_balances TO inventory_service"]
SQL = [
    (
        "day_is_open",
        "WHERE user_id = p_user AND section_id = p_section AND balance_date = v_yesterday",
        "WHERE user_id = p_user AND false",
    ),
    (
        "close_day",
        "WHERE user_id = p_user AND section_id = p_section AND balance_date = v_yesterday",
        "WHERE user_id = p_user AND false",
    ),
    (
        "close_day",
        "ON CONFLICT DO NOTHING",
        (
            "ON CONFLICT (user_id, section_id, item_id, collection_id, quality_level_id, balance_date)"
            " DO UPDATE SET quantity = EXCLUDED.quantity, created_at = EXCLUDED.created_at"
        ),
    ),
]
