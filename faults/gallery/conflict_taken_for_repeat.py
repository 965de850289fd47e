"""Another call under an operation_id that was used is answered like the first."""

RULE = "4.11 H: the same operation_id with other content is 409 operation_conflict"
SQL = [("earlier", "IF v_written = v_asked THEN", "IF true THEN")]
