"""The end of a reservation is answered without the ids of the rows that it wrote."""

RULE = "4.6 H, 4.7 H: the operation_ids are those of the rows written"
SQL = [
    (
        "end_reservation",
        "RETURN ('written', v_ids, NULL, v_made)::inventory.outcome;",
        "RETURN ('written', NULL, NULL, v_made)::inventory.outcome;",
    )
]
