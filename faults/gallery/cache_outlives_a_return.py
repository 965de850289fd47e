"""The end of a reservation drops the cached factory, and main stays as it was."""

from faults.caching import cache_balances

RULE = "law 6: after a 200 the next GET shows it"


def patch() -> None:
    """Keep whole balances, main beyond the end of a reservation."""
    cache_balances(kept={"_end": ("main",)})
