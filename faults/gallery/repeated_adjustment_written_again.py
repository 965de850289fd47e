"""An adjustment that is sent again is written again."""

RULE = "4.11 H: the same call again writes nothing"
SQL = [("adjust", "IF v_outcome.outcome IN ('repeated', 'conflict') THEN", "IF v_outcome.outcome = 'conflict' THEN")]
