"""Each call makes one more active user."""

from typing import Any

from faults.patching import replace
from services.inventory.metrics import ActiveUsers

RULE = "6.2 S: inventory_active_users_total"


def patch() -> None:
    """Tell no user from another."""

    def anybody(saw: Any) -> Any:
        return lambda users, _: saw(users, object())

    replace(ActiveUsers, "saw", anybody)
