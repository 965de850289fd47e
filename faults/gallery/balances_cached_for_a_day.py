"""A closed day never changes, and is cached for as long as anybody can ask for it: a day."""

from faults.patching import replace
from services.inventory import store

RULE = "5.3 S: balances are cached for up to 1 h"


def patch() -> None:
    """Keep it for 24 hours."""
    replace(store, "BALANCE_SECONDS", lambda _: 24 * 3600)
