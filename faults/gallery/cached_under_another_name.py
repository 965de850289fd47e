"""A closed day is cached under a name that does not begin with the player's."""

from typing import Any

from faults.patching import replace
from services.inventory import store

RULE = "5.3 S: keys starting inventory:{user_id}:"


def patch() -> None:
    """Turn the parts of the key round."""

    def turned(_key: Any) -> Any:
        return lambda user, section, today: f"closed:{today}:{section}:{user}"

    replace(store, "_closed_day_key", turned)
