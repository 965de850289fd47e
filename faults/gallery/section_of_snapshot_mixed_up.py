"""The snapshot of a section starts from the last one of any section."""

RULE = "law 1: a balance is that of its section alone"
SQL = [
    (
        "close_day",
        "b.user_id = p_user AND b.section_id = p_section AND b.item_id = v.item_id",
        "b.user_id = p_user AND b.item_id = v.item_id",
    )
]
