"""A returned reservation leaves factory and never arrives in main."""

RULE = "law 3: returning changes no total over main and factory"
SQL = [("end_reservation", "(VALUES (1, p_factory, 1), (0, p_main, -1))", "(VALUES (1, p_factory, 1))")]
