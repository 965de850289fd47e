"""The public listener serves the calls of services and administrators under the paths that shape single has."""

from typing import Any

from faults.patching import replace
from services.inventory import api

RULE = "1.1 S: internal paths are not served on the public listener"
SHAPE = "split"


def patch() -> None:
    """Leave them mounted for old callers."""

    def compatible(calls: Any) -> Any:
        def with_old_paths(service: Any, gate: Any, prefix: str) -> list[Any]:
            old = [*api.internal_calls(service, gate, ""), *api.admin_calls(service, gate, "/admin/inventory")]
            return [*calls(service, gate, prefix), *old]

        return with_old_paths

    replace(api, "public_calls", compatible)
