"""Consuming takes every line from the collection of the first."""

RULE = "4.7 S: consuming destroys what is reserved"
SQL = [
    (
        "end_reservation",
        "u.i, u.c, u.q, side.sign * u.n",
        "u.i, CASE WHEN p_main IS NULL THEN v_collections[1] ELSE u.c END, u.q, side.sign * u.n",
    )
]
