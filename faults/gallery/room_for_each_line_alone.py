"""A section takes two lines of one variant when it has room for each of them alone."""

RULE = "4.1 H: balances that would pass 2^62 are refused"
SQL = [
    (
        "refusal",
        "b.quantity + b.change > 4611686018427387904",
        """b.quantity + (SELECT max(u.n) FROM unnest(p_items, p_changes) AS u (i, n)
                                              WHERE u.i = b.item_id) > 4611686018427387904""",
    )
]
