"""The cached balance is dropped before the write instead of after it."""

from faults.caching import cache_balances

RULE = "law 6: no cache serves an older balance, however reads and writes overlap"


def patch() -> None:
    """Keep whole balances, and drop them when a write begins."""
    cache_balances(is_early=True)
