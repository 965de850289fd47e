"""Who may make a call is looked up by the letters of its path, and the router takes other letters for the same."""

from typing import Any

from faults.patching import replace
from faults.paths import is_spelled_as_described, route_leniently
from services.inventory.api import Gate

RULE = "3.1 S, 3.7 H: no call of services or of administrators without their token"


def patch() -> None:
    """Guard what is spelled as it is in the list."""
    route_leniently()

    def listed(guard: Any) -> Any:
        async def guard_what_is_listed(gate: Gate, request: Any) -> None:
            if is_spelled_as_described(request):
                await guard(gate, request)

        return guard_what_is_listed

    replace(Gate, "internal", listed)
    replace(Gate, "admin", listed)
