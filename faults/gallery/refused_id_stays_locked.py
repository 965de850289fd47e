"""A reservation that is refused leaves its id locked, for whoever has not the same connection."""

RULE = "law 5, 4.5 S: a refusal leaves nothing behind"
SQL = [
    (
        "reserve",
        "v_outcome.made := v_made;",
        "PERFORM pg_advisory_lock(hashtextextended(p_operation::text, 2));\n        v_outcome.made := v_made;",
    )
]
