"""Lines of one variant count as their sum only where they stand side by side."""

RULE = "4.5 S: the same variant named twice counts as its sum"
_LINES = "unnest(p_items, p_collections, p_qualities, p_quantities) WITH ORDINALITY AS u (i, c, q, n, pos)"
SQL = [
    (
        "reserve",
        f"{_LINES}\n          GROUP BY 1, 2, 3) s;",
        f"""(SELECT u.*, u.pos - row_number() OVER (PARTITION BY u.i, u.c, u.q ORDER BY u.pos) AS island
              FROM {_LINES}) u
          GROUP BY 1, 2, 3, u.island) s;""",
    ),
    ("balances_of", "GROUP BY 1, 2, 3", "GROUP BY 1, 2, 3, u.pos"),
]
