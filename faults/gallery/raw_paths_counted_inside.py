"""An unknown path of the internal listener is counted as it stands."""

from typing import Any

from faults.patching import replace
from services.common.http import Observed
from services.common.metrics import ServiceMetrics

RULE = "6.2 S: endpoint is the route's pattern, never a raw path"
SHAPE = "split"


def patch() -> None:
    """Call such a request by its path, at every listener but the first."""

    def raw(call: Any) -> Any:
        async def called(self: Any, scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and getattr(self, "is_inside", False) and "unknown" in scope["path"]:
                scope["path_template"] = scope["path"]
            await call(self, scope, receive, send)

        return called

    def telling(observed: Any) -> Any:
        def made(self: Any, app: Any) -> Any:
            listener = observed(self, app)
            listener.is_inside = len(self._listeners) > 1
            return listener

        return made

    replace(Observed, "__call__", raw)
    replace(ServiceMetrics, "observed", telling)
