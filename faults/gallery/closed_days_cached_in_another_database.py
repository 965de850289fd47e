"""Closed days are cached in a database of Redis where nobody looks for them."""

from faults.patching import replace
from services.inventory import store

RULE = "5.3 S: the cache is in Redis database 1"


def patch() -> None:
    """Take the next one."""
    replace(store, "CACHE", lambda number: number + 1)
