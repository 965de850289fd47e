"""An adjustment for another reason is taken for a repeat."""

RULE = "4.11 H: the same operation_id with other content is 409 operation_conflict"
SQL = [
    (
        "adjust",
        "p_quantities, p_reason);",
        """p_quantities, COALESCE(
        (SELECT o.comment FROM inventory.operations o WHERE o.operation_id = p_operation LIMIT 1), p_reason));""",
    )
]
