"""A reservation drops the cached main, and factory stays as it was."""

from faults.caching import cache_balances

RULE = "law 6: after a 200 the next GET shows it"


def patch() -> None:
    """Keep whole balances, factory beyond a reservation."""
    cache_balances(kept={"reserve": ("factory",)})
