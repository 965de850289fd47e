"""The end of a reservation closes yesterday for what it ends, and for nothing else that the factory has."""

RULE = "5.1 S: exactly one row a variant is made when a balance is asked for, also by a write"
_OWN = """INSERT INTO inventory.daily_balances
    (user_id, section_id, item_id, collection_id, quality_level_id, balance_date, quantity, created_at)
SELECT p_user, p_factory, o.item_id, o.collection_id, o.quality_level_id, (v_today AT TIME ZONE 'UTC')::date - 1,
       sum(o.quantity_change), clock_timestamp()
FROM inventory.operations o
WHERE o.user_id = p_user AND o.section_id = p_factory AND o.created_at < v_today AND o.item_id = ANY (v_items)
GROUP BY o.item_id, o.collection_id, o.quality_level_id;"""
SQL = [("end_reservation", "v_made := inventory.close_day(p_user, p_factory, v_today);", _OWN)]
