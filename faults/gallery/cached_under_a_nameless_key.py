"""Balances are cached under names that do not tell their player's id as it is written everywhere else."""

from typing import Any

from faults import caching
from faults.patching import replace

RULE = "5.3 S: keys starting inventory:{user_id}:"


def patch() -> None:
    """Leave out its hyphens."""

    def nameless(_key: Any) -> Any:
        return lambda user, section: f"balances:{str(user).replace('-', '')}:{section}"

    replace(caching, "_key", nameless)
    caching.cache_balances()
