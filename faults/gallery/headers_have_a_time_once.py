"""How long headers may take is seen to only on a connection that has served nobody yet."""

from typing import Any

from faults.patching import replace
from services.common import edge

RULE = "6.5 H: headers have a time limit"


def patch() -> None:
    """Leave those alone that have asked for something before."""

    def of_new_ones(sweep: Any) -> Any:
        def swept(self: Any, now: float) -> None:
            if not (self._reading == edge.HEAD and self._has_asked and not self._is_refused):
                sweep(self, now)

        return swept

    replace(edge.Edge, "sweep", of_new_ones)
