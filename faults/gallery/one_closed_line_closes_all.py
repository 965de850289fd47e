"""A write closes yesterday for what it names, and takes all of that for closed when one line of it is."""

RULE = "law 1 S: a balance is the latest snapshot + everything after it; 4.5 S, 4.9 S, 5.1 S"
_SHORT = """EXISTS (
    SELECT FROM (SELECT u.i, u.c, u.q, sum(u.n) AS n
                 FROM unnest(p_items, p_collections, p_qualities, p_quantities) AS u (i, c, q, n)
                 GROUP BY 1, 2, 3) v
    WHERE {sign} v.n + COALESCE((
        SELECT b.quantity FROM inventory.daily_balances b
        WHERE b.user_id = p_user AND b.section_id = {section}
          AND b.balance_date = (v_today AT TIME ZONE 'UTC')::date - 1
          AND (b.item_id, b.collection_id, b.quality_level_id) = (v.i, v.c, v.q)), 0) + COALESCE((
        SELECT sum(o.quantity_change) FROM inventory.operations o
        WHERE o.user_id = p_user AND o.section_id = {section} AND o.created_at >= v_today
          AND (o.item_id, o.collection_id, o.quality_level_id) = (v.i, v.c, v.q)), 0) < 0)"""
_ONE_IS_CLOSED = """EXISTS (
    SELECT FROM unnest(p_items, p_collections, p_qualities) AS u (i, c, q)
    JOIN inventory.daily_balances b ON (b.item_id, b.collection_id, b.quality_level_id) = (u.i, u.c, u.q)
    WHERE b.user_id = p_user AND b.section_id = {section}
      AND b.balance_date = (v_today AT TIME ZONE 'UTC')::date - 1)"""
_CLOSE = """IF NOT {closed} THEN
        v_made := inventory.close_lines(p_user, {section}, p_items, p_collections, p_qualities, v_today);
    ELSIF {short} THEN
        RETURN ('insufficient', NULL, '[]'::jsonb, 0)::inventory.outcome;
    END IF;"""
# The body of close_day, for some variants.
STATEMENTS = (
    """CREATE FUNCTION inventory.close_lines(p_user uuid, p_section uuid, p_items uuid[], p_collections uuid[],
                                            p_qualities uuid[], p_today timestamptz) RETURNS integer
    LANGUAGE plpgsql AS $$
    DECLARE
        v_yesterday date := (p_today AT TIME ZONE 'UTC')::date - 1;
        v_rows      integer;
    BEGIN
        INSERT INTO inventory.daily_balances
            (user_id, section_id, item_id, collection_id, quality_level_id, balance_date, quantity, created_at)
        SELECT p_user, p_section, o.item_id, o.collection_id, o.quality_level_id, v_yesterday, sum(o.quantity_change),
               clock_timestamp()
        FROM inventory.operations o
        WHERE o.user_id = p_user AND o.section_id = p_section AND o.created_at < p_today
          AND (o.item_id, o.collection_id, o.quality_level_id) IN (
              SELECT * FROM unnest(p_items, p_collections, p_qualities))
        GROUP BY o.item_id, o.collection_id, o.quality_level_id
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS v_rows = ROW_COUNT;
        RETURN v_rows;
    END $$""",
)


def _change(function: str, section: str, sign: str) -> tuple[str, str, str]:
    closed, short = _ONE_IS_CLOSED.format(section=section), _SHORT.format(section=section, sign=sign)
    close = f"v_made := inventory.close_day(p_user, {section}, v_today);"
    return function, close, _CLOSE.format(closed=closed, short=short, section=section)


SQL = [
    # Each variant is closed by itself.
    ("day_is_open", "RETURN false;", "NULL;"),
    ("close_day", "RETURN 0;", "NULL;"),
    _change("reserve", "p_main", "-"),
    _change("adjust", "p_section", ""),
]
