"""A player's id of zeros alone is left out of the condition: the reservation is ended, whose ever it is."""

RULE = "4.6 S: 404 when this user has no such reservation"
SQL = [
    (
        "end_reservation",
        "PERFORM inventory.lock_player(p_user);",
        """IF p_user = '00000000-0000-0000-0000-000000000000' THEN
        p_user := COALESCE((SELECT o.user_id FROM inventory.operations o WHERE o.operation_id = p_operation LIMIT 1),
                           p_user);
    END IF;
    PERFORM inventory.lock_player(p_user);""",
    )
]
