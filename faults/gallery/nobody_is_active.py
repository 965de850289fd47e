"""Nobody is counted as active."""

from typing import Any

from faults.patching import replace
from services.inventory.metrics import ActiveUsers

RULE = "6.2 S: inventory_active_users_total"


def patch() -> None:
    """See nobody."""

    def blind(_: Any) -> Any:
        def see_nobody(_users: ActiveUsers, _user: object) -> None:
            return None

        return see_nobody

    replace(ActiveUsers, "saw", blind)
