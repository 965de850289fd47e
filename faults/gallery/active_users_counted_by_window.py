"""Who called in this window and in the last one is counted in each."""

from faults.patching import replace
from services.inventory.metrics import ActiveUsers

RULE = "6.2 S: active_users_total counts users"


def patch() -> None:
    """Add up the windows."""

    def added(_: object) -> object:
        def count(users: ActiveUsers) -> float:
            users._turn()
            return float(len(users._now) + len(users._before))

        return count

    replace(ActiveUsers, "count", added)
