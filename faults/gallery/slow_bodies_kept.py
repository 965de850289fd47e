"""A body may take as long as its sender likes."""

from typing import Any

from faults.patching import replace
from services.common.calls import Request
from services.common.edge import Edge

RULE = "6.5 H: 30 s to send the body (408)"


def patch() -> None:
    """Wait for each body, and let no connection go that sends one."""

    def patient(init: Any) -> Any:
        def init_patiently(request: Request, scope: Any, receive: Any, _: float) -> None:
            init(request, scope, receive, 3600.0)

        return init_patiently

    def kept(sweep: Any) -> Any:
        def sweep_others(connection: Edge, now: float) -> None:
            if not connection._has_asked:
                sweep(connection, now)

        return sweep_others

    replace(Request, "__init__", patient)
    replace(Edge, "sweep", kept)
