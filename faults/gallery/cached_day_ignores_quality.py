"""The cached closed day holds one quality level of an item instead of all."""

from typing import Any

from faults.patching import replace
from services.inventory.store import ClosedDay, Store

RULE = "5.3 S, law 1: what is cached never changes what is answered"


def patch() -> None:
    """Keep one balance for each item and collection."""

    def forgetful(keep: Any) -> Any:
        async def keep_some(store: Store, user: Any, section: str, today: Any, day: ClosedDay) -> None:
            await keep(store, user, section, today, list({key[:32]: (key, quantity) for key, quantity in day}.values()))

        return keep_some

    replace(Store, "keep_closed_day", forgetful)
