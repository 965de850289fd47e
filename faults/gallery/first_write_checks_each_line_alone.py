"""The write that closes yesterday is let pass when each of its lines is there alone."""

RULE = "4.5 S, 4.9 S, law 2: the lines of one variant count as their sum, also in the first write of a day"
_ALONE = """IF v_made > 0 THEN
        SELECT r.* INTO v_outcome
        FROM unnest(p_items, p_collections, p_qualities, p_quantities) WITH ORDINALITY AS u (i, c, q, n, pos)
        CROSS JOIN LATERAL inventory.refusal(p_user, {section}, ARRAY[u.i], ARRAY[u.c], ARRAY[u.q],
                                             ARRAY[{sign} u.n], v_today) r
        WHERE r.outcome IS NOT NULL ORDER BY u.pos LIMIT 1;
    ELSE
        {check}
    END IF;"""


def _change(function: str, section: str, lines: str, sign: str) -> tuple[str, str, str]:
    check = f"v_outcome := inventory.refusal(p_user, {section}, {lines}, v_today);"
    return function, check, _ALONE.format(section=section, sign=sign, check=check)


SQL = [
    _change("reserve", "p_main", "v_items, v_collections, v_qualities, v_taken", "-"),
    _change("adjust", "p_section", "p_items, p_collections, p_qualities, p_quantities", ""),
]
