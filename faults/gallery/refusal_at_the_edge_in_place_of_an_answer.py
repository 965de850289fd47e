"""What is no HTTP behind a call is refused at once, also while that call is under way, and written all the same."""

from typing import Any

from faults.patching import replace
from services.common.edge import Edge

RULE = "4.2 H: whatever is no HTTP is refused, and a refusal left nothing behind (law 5)"


def patch() -> None:
    """Refuse as if nothing were under way."""

    def refused(refuse: Any) -> Any:
        def refuse_at_once(connection: Any, *args: Any) -> None:
            connection._has_left_work = True
            try:
                refuse(connection, *args)
            finally:
                connection._has_left_work = False

        return refuse_at_once

    def at_work(known: Any) -> Any:
        return property(lambda connection: not getattr(connection, "_has_left_work", False) and known.fget(connection))

    replace(Edge, "refuse", refused)
    replace(Edge, "_is_at_work", at_work)
