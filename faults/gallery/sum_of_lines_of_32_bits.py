"""The lines of one variant are added up in 32 bits: two of them and a little are next to nothing."""

RULE = "4.5 S, law 2: the same variant named twice counts as its sum"
_WRAPPED = "((sum(u.n) + 2147483648) % 4294967296 + 4294967296) % 4294967296 - 2147483648 AS n"
SQL = [("balances_of", "sum(u.n) AS n", _WRAPPED)]
