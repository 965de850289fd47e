"""What is required and what is available are told in 32 bits: a call that lacks more fails."""

RULE = "4.1 S: bad input is a 4xx, never a 5xx"
SQL = [
    (
        "refusal",
        "'required', -b.change, 'available', b.quantity",
        "'required', (-b.change)::integer, 'available', b.quantity::integer",
    )
]
