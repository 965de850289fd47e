"""Of two Authorization headers that say the same one is read."""

from typing import Any

from faults.patching import replace
from services.common.calls import Request

RULE = "3.2 H: nor two such headers"


def patch() -> None:
    """Drop what was said already."""

    def once(told: Any) -> Any:
        def authorization(self: Any) -> Any:
            given = {value for key, value in self._scope["headers"] if key == b"authorization"}
            return given.pop().decode("latin-1") if len(given) == 1 else told.fget(self)

        return property(authorization)

    replace(Request, "authorization", once)
