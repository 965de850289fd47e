"""An operation_id is known for each player by itself, so that another one's is taken for a new one."""

RULE = "4.11 H: the same operation_id with other content is 409 operation_conflict"
SQL = [("earlier", "WHERE operation_id = p_operation)", "WHERE operation_id = p_operation AND user_id = p_user)")]
