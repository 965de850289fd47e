"""A closed day is cached without its date, and passes for the next one after midnight."""

from typing import Any

from faults.patching import replace
from services.inventory import store

RULE = "law 6: no cache serves an older balance"


def patch() -> None:
    """Keep one closed day a player and section."""

    def undated(_key: Any) -> Any:
        return lambda user, section, _today: f"inventory:{user}:closed:{section}"

    replace(store, "_closed_day_key", undated)
