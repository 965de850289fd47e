"""Nobody looks whether the items are there before they are taken."""

RULE = "law 2: no balance is ever below zero"
SQL = [("refusal", "b.quantity + b.change < 0", "false")]
