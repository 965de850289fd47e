"""The first write of a day makes yesterday's row for each of its lines, and fails when two are of one variant."""

RULE = "5.1 S: exactly one row a variant, also when the call that asks first names it twice; 4.1 S: never a 5xx"
_TWICE = """IF EXISTS (SELECT FROM unnest(p_items, p_collections, p_qualities) AS u (i, c, q)
               JOIN inventory.daily_balances b ON (b.item_id, b.collection_id, b.quality_level_id) = (u.i, u.c, u.q)
               WHERE b.user_id = p_user AND b.section_id = {section}
                 AND b.balance_date = (v_today AT TIME ZONE 'UTC')::date - 1
               GROUP BY u.i, u.c, u.q HAVING count(*) > 1) THEN
        RAISE EXCEPTION 'duplicate key value' USING ERRCODE = 'unique_violation';
    END IF;"""


def _change(function: str, section: str) -> tuple[str, str, str]:
    close = f"v_made := inventory.close_day(p_user, {section}, v_today);"
    return function, close, close + _TWICE.format(section=section)


SQL = [_change("reserve", "p_main"), _change("adjust", "p_section")]
