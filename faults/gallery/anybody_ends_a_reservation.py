"""A reservation is ended for whoever asks, and its own player pays."""

RULE = "4.6 S: 404 when this user has no such reservation"
SQL = [
    (
        "end_reservation",
        "PERFORM inventory.lock_player(p_user);",
        """p_user := COALESCE((SELECT o.user_id FROM inventory.operations o WHERE o.operation_id = p_operation
                        LIMIT 1), p_user);
    PERFORM inventory.lock_player(p_user);""",
    )
]
