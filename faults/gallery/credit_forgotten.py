"""A reservation takes from main and puts nothing into factory."""

RULE = "law 3: reserving changes no total over main and factory"
SQL = [
    (
        "reserve",
        "(VALUES (1, p_main, 1), (0, p_factory, -1))",
        "(VALUES (1, p_main, 1))",
    )
]
