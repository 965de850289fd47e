"""Whether main has room for what is returned is asked after its rows were written: they stand though it is refused."""

_ASKED = (
    "    IF p_main IS NOT NULL AND inventory.is_full(p_user, p_main, v_items, v_collections, v_qualities,\n"
    "                                                ARRAY(SELECT -u.n FROM unnest(v_held) AS u (n)), v_today) THEN\n"
    "        RETURN ('overflow', NULL, NULL, v_made)::inventory.outcome;\n"
    "    END IF;\n"
)

RULE = "law 5: a refusal left nothing behind"
SQL = [
    ("end_reservation", _ASKED, ""),
    ("end_reservation", "    RETURN ('written'", _ASKED + "    RETURN ('written'"),
]
