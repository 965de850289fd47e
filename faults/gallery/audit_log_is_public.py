"""The audit log can be asked for on the public listener too."""

from typing import Any

from faults.patching import replace
from services.inventory import api

RULE = "1.1 S, 4.10 H: admin paths are not served on the public listener"
SHAPE = "split"


def patch() -> None:
    """Serve it there."""

    def generous(calls: Any) -> Any:
        def with_audit(service: Any, gate: Any, prefix: str) -> list[Any]:
            admin = api.admin_calls(service, gate, f"{prefix}/inventory/admin")
            return [*calls(service, gate, prefix), *(call for call in admin if call.method == "GET")]

        return with_audit

    replace(api, "public_calls", generous)
