"""Who was active is counted by the address of the connection: players behind one network are one."""

from typing import Any

from faults.patching import remember_requests, replace
from services.inventory.api import Gate
from services.inventory.metrics import ActiveUsers

RULE = "6.2 S: inventory_active_users_total counts users"


def patch() -> None:
    """Remember where they call from."""
    current = remember_requests(Gate, "player")

    def by_address(saw: Any) -> Any:
        return lambda users, _: saw(users, current.get().client_host)

    replace(ActiveUsers, "saw", by_address)
