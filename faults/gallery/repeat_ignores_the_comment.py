"""An addition with another comment is taken for a repeat."""

RULE = "4.11 H: the same operation_id with other content is 409 operation_conflict"
SQL = [("earlier", " AND o.comment IS NOT DISTINCT FROM p_comment", "")]
