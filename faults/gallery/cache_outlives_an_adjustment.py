"""An adjustment of trade leaves the cached balances of trade as they were."""

from faults.caching import cache_balances

RULE = "law 6: after a 200 the next GET shows it"


def patch() -> None:
    """Keep whole balances, trade beyond an adjustment."""
    cache_balances(kept={"adjust": ("trade",)})
