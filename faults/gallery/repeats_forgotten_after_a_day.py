"""A call that is repeated after a day is carried out again."""

RULE = "4.11 H: the same call again writes nothing, also years apart"
SQL = [
    (
        "earlier",
        "WHERE operation_id = p_operation)",
        "WHERE operation_id = p_operation AND created_at > now() - interval '1 day')",
    )
]
