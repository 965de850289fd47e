"""A repeat is compared with the rows of its kind, and answered with those of all kinds."""

RULE = "4.11 H: a repeat is answered with the first answer's rows"
SQL = [
    ("earlier", " AND o.operation_type_id = p_type;", ";"),
    ("earlier", "FILTER (WHERE o.section_id", "FILTER (WHERE o.operation_type_id = p_type AND o.section_id"),
]
