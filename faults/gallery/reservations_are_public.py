"""A reservation can be asked for on the public listener too."""

from typing import Any

from faults.patching import replace
from services.inventory import api

RULE = "1.1 S: internal paths are not served on the public listener"
SHAPE = "split"


def patch() -> None:
    """Serve it there."""

    def generous(calls: Any) -> Any:
        def with_reservations(service: Any, gate: Any, prefix: str) -> list[Any]:
            internal = api.internal_calls(service, gate, prefix)
            return [*calls(service, gate, prefix), *(call for call in internal if call.method == "GET")]

        return with_reservations

    replace(api, "public_calls", generous)
