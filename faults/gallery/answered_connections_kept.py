"""A connection that has served once is kept for as long as its caller likes."""

from typing import Any

from faults.patching import replace
from services.common.edge import Edge

RULE = "6.5 H: idle connections 75 s"


def patch() -> None:
    """Let go of those alone that never asked for anything."""

    def kept(act: Any) -> Any:
        def act_on_others(connection: Edge, *args: Any) -> None:
            if not connection._has_asked:
                act(connection, *args)

        return act_on_others

    replace(Edge, "sweep", kept)
    replace(Edge, "timeout_keep_alive_handler", kept)
