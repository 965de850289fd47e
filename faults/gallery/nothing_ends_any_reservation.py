"""An id of zeros alone is left out of the condition: some reservation of the player is ended."""

RULE = "4.6 S: 404 when this user has no such reservation"
SQL = [
    (
        "end_reservation",
        "PERFORM inventory.lock_player(p_user);",
        """PERFORM inventory.lock_player(p_user);
    IF p_operation = '00000000-0000-0000-0000-000000000000' THEN
        p_operation := (SELECT o.operation_id FROM inventory.operations o
                        WHERE o.user_id = p_user AND o.operation_type_id = p_reservation LIMIT 1);
    END IF;""",
    )
]
