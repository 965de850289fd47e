"""An adjustment takes more from trade than there is."""

RULE = "law 2: no balance is ever below zero, in any section"
SQL = [
    (
        "adjust",
        "IF v_outcome.outcome IS NOT NULL THEN",
        "IF v_outcome.outcome IS NOT NULL AND p_section_code <> 'trade' THEN",
    )
]
