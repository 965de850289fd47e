"""A closed day on which nothing was left is cached as long as classifiers are."""

from typing import Any

from faults.patching import replace
from services.inventory import store

RULE = "5.3 S: balances are cached for an hour at most"


def patch() -> None:
    """Keep what has no balance above zero for a day."""

    def lasting(keep: Any) -> Any:
        async def keep_it(kept: store.Store, user: Any, section: str, today: Any, day: Any) -> None:
            hour = store.BALANCE_SECONDS
            if not any(quantity for _, quantity in day):
                store.BALANCE_SECONDS = store.CLASSIFIER_SECONDS
            try:
                await keep(kept, user, section, today, day)
            finally:
                store.BALANCE_SECONDS = hour

        return keep_it

    replace(store.Store, "keep_closed_day", lasting)
