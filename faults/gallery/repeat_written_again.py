"""The same operation_id again writes the same rows again."""

RULE = "4.11 H: a repeat writes nothing"
SQL = [
    (
        "earlier",
        "IF NOT EXISTS (SELECT 1 FROM inventory.operations WHERE operation_id = p_operation) THEN",
        "IF true THEN",
    )
]
