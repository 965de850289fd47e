"""A reservation has a row a line, and its end closes yesterday for each row: it fails when two are of one variant."""

RULE = "4.6 S, 4.7 S, 5.1 S: exactly one row a variant is made, also by the end of what named it twice"
_CLOSE = "v_made := inventory.close_day(p_user, p_factory, v_today);"
_TWICE = """IF (SELECT count(*) > count(DISTINCT (u.i, u.c, u.q))
            FROM unnest(v_items, v_collections, v_qualities) AS u (i, c, q)) THEN
            RAISE EXCEPTION 'duplicate key value' USING ERRCODE = 'unique_violation';
        END IF;"""
SQL = [
    ("reserve", "GROUP BY 1, 2, 3", "GROUP BY 1, 2, 3, u.pos"),
    ("end_reservation", _CLOSE, _CLOSE + _TWICE),
]
