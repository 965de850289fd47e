"""The end of a reservation closes yesterday with what came since the last snapshot, and without that."""

RULE = "5.1 S: a snapshot is the last one and everything after it"
_SINCE_ALONE = """INSERT INTO inventory.daily_balances
    (user_id, section_id, item_id, collection_id, quality_level_id, balance_date, quantity, created_at)
SELECT p_user, p_factory, o.item_id, o.collection_id, o.quality_level_id, (v_today AT TIME ZONE 'UTC')::date - 1,
       sum(o.quantity_change), clock_timestamp()
FROM inventory.operations o
WHERE o.user_id = p_user AND o.section_id = p_factory AND o.created_at < v_today AND o.created_at >= ALL (
    SELECT (b.balance_date + 1)::timestamp AT TIME ZONE 'UTC' FROM inventory.daily_balances b
    WHERE b.user_id = p_user AND b.section_id = p_factory)
GROUP BY o.item_id, o.collection_id, o.quality_level_id;"""
SQL = [("end_reservation", "v_made := inventory.close_day(p_user, p_factory, v_today);", _SINCE_ALONE)]
