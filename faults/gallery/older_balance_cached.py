"""A read that overlaps a write puts the older balance back into the cache."""

from faults.caching import cache_balances

RULE = "law 6: no cache serves an older balance, however reads and writes overlap"


def patch() -> None:
    """Keep whole balances, and dawdle between reading and keeping."""
    cache_balances(pause=0.02)
