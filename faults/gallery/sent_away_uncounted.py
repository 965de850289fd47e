"""Calls that a full service passes over are in no metric and no log."""

from typing import Any

from faults.patching import replace
from services.common.edge import Edge

RULE = "6.2 S: each request is counted once"


def patch() -> None:
    """Save the work."""

    def silently(pass_over: Any) -> Any:
        def pass_over_untold(self: Any) -> None:
            tell, self._tell = self._tell, lambda *_: None
            pass_over(self)
            self._tell = tell

        return pass_over_untold

    replace(Edge, "_pass_over", silently)
