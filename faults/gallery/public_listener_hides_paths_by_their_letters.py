"""The public listener serves every call, and hides internal ones that are spelled as they are in its list."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from faults.paths import is_spelled_as_described, route_leniently
from services.common.calls import Call
from services.common.errors import Refusal
from services.inventory import api

RULE = "1.1 S: internal paths are not served on the public listener"
SHAPE = "split"


def patch() -> None:
    """Turn away what is spelled as it is in the list."""
    route_leniently()

    def generous(calls: Any) -> Any:
        def with_hidden(service: Any, gate: Any, prefix: str) -> list[Call]:
            internal = api.internal_calls(service, gate, prefix)
            admin = api.admin_calls(service, gate, f"{prefix}/inventory/admin")
            return [*calls(service, gate, prefix), *map(_hidden, [*internal, *admin])]

        return with_hidden

    replace(api, "public_calls", generous)


def _hidden(call: Call) -> Call:
    async def guard(request: Any) -> None:
        if is_spelled_as_described(request):
            raise Refusal(404, "not_found", "there is no such path")
        if call.guard is not None:
            await call.guard(request)

    return changed(call, guard=guard)
