"""An adjustment tells the balances as they were before it."""

RULE = "4.9 S: final_balances are those after the adjustment"
SQL = [("adjust", "'after', b.quantity + b.change", "'after', b.quantity")]
