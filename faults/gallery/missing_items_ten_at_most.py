"""A refused reservation names the first ten variants that are short."""

RULE = "4.5 H: missing_items has every variant that is short"
SQL = [
    (
        "refusal",
        "IF v_missing IS NOT NULL THEN",
        "IF v_missing IS NOT NULL THEN v_missing := jsonb_path_query_array(v_missing, '$[0 to 9]');",
    )
]
