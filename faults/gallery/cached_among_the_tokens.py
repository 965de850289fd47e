"""The cache is in the database of the tokens."""

from faults.patching import replace
from services.inventory import store

RULE = "5.3 S: the cache is in Redis database 1"


def patch() -> None:
    """Put both into database 0."""
    replace(store, "CACHE", lambda _: store.TOKENS)
