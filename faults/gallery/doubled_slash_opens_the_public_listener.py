"""The public listener turns internal paths away by their letters, and serves all of them with a slash more."""

from typing import Any

from faults.patching import replace
from services.inventory import api

RULE = "1.1 S: internal paths are not served on the public listener"
SHAPE = "split"


def patch() -> None:
    """Serve what a doubled slash hides from the guard."""

    def merging(calls: Any) -> Any:
        def with_hidden(service: Any, gate: Any, prefix: str) -> list[Any]:
            internal = api.internal_calls(service, gate, f"{prefix}/")
            admin = api.admin_calls(service, gate, f"{prefix}//inventory/admin")
            return [*calls(service, gate, prefix), *internal, *admin]

        return with_hidden

    replace(api, "public_calls", merging)
