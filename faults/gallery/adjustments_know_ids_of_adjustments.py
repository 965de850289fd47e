"""An adjustment is made under an id that stands for a reservation already."""

RULE = "4.11 H: the same operation_id with other content is 409 operation_conflict"
SQL = [
    (
        "adjust",
        "IF v_outcome.outcome IN ('repeated', 'conflict') THEN",
        """IF v_outcome.outcome = 'conflict' AND NOT EXISTS (
        SELECT FROM inventory.operations WHERE operation_id = p_operation AND operation_type_id = p_type) THEN
        v_outcome := NULL;
    END IF;
    IF v_outcome.outcome IN ('repeated', 'conflict') THEN""",
    )
]
