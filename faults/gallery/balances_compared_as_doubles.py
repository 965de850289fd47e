"""Whether there is enough is judged by floating-point numbers: beyond 2^53 one more than all is there."""

RULE = "law 2, 4.5 S: too little is refused, no balance is ever below zero"
_TEXT = "b.change < 0 AND b.quantity + b.change < 0"
SQL = [("refusal", _TEXT, "b.change < 0 AND b.quantity::float8 + b.change::float8 < 0")]
