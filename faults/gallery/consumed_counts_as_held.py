"""An adjustment leaves what consumed reservations held, as if they held it still."""

RULE = "4.9 H: an adjustment leaves what active reservations hold, and no more"
SQL = [
    (
        "taken_from_reservations",
        ",\n                              inventory.code_id('operation_type', 'factory_consumption')",
        "",
    )
]
