"""A refused reservation names the first variant that is short, and no other."""

RULE = "4.5 H: missing_items has every variant that is short"
SQL = [
    (
        "refusal",
        "IF v_missing IS NOT NULL THEN",
        "IF v_missing IS NOT NULL THEN v_missing := jsonb_build_array(v_missing -> 0);",
    )
]
