"""The comment of an addition stands on its first row only."""

RULE = "4.4 S: an addition's comment is that of its rows"
SQL = [
    ("add_items", "p_operation, p_comment, v_now", "p_operation, CASE WHEN u.id = v_ids[1] THEN p_comment END, v_now")
]
