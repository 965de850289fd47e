"""An administrator's token opens the calls of services too."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.api import Gate

RULE = "3.7 H: an internal call without role internal is refused"


def patch() -> None:
    """Take either role."""

    def generous(_: Any) -> Any:
        async def either(gate: Gate, request: Any) -> None:
            caller = await gate._caller(request)
            if not caller.roles & {"internal", "admin"}:
                raise Refusal(403, "insufficient_service_permissions", "this call is for services only")

        return either

    replace(Gate, "internal", generous)
