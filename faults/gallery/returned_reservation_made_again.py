"""The repeat of a reservation that has ended reserves again."""

RULE = "4.11 H: the same call again writes nothing"
SQL = [
    (
        "earlier",
        "IF NOT EXISTS (SELECT 1 FROM inventory.operations WHERE operation_id = p_operation) THEN",
        """IF NOT EXISTS (SELECT 1 FROM inventory.operations WHERE operation_id = p_operation)
       OR EXISTS (SELECT 1 FROM inventory.operations WHERE operation_id = p_operation AND operation_type_id <> p_type)
    THEN""",
    )
]
