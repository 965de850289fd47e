"""A Redis that was away for the moment of a write serves the old balance when it is back."""

from faults.caching import cache_balances
from faults.gallery import redis_away_lets_in

RULE = "law 6: no cache serves an older balance, also when Redis was away meanwhile"


def patch() -> None:
    """Keep whole balances, forget those that cannot be dropped, and let writes in while Redis is away."""
    redis_away_lets_in.patch()
    cache_balances()
