"""The public listener tells of reservations under the path that shape single has, for whoever has called it so."""

from typing import Any

from faults.patching import replace
from services.inventory import api

RULE = "1.1 S: internal paths are not served on the public listener"
SHAPE = "split"


def patch() -> None:
    """Leave the old path mounted."""

    def compatible(calls: Any) -> Any:
        def with_old_path(service: Any, gate: Any, prefix: str) -> list[Any]:
            old = api.internal_calls(service, gate, "")
            return [*calls(service, gate, prefix), *(call for call in old if call.method == "GET")]

        return with_old_path

    replace(api, "public_calls", compatible)
