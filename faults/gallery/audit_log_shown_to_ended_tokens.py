"""The audit log is shown to an administrator's token that a later login has ended."""

from typing import Any

from faults.patching import remember_requests, replace
from services.inventory.api import Gate
from services.inventory.store import Store

RULE = "3.5 S, 4.10 H: a revoked token is refused, at every call"


def patch() -> None:
    """Ask nobody about the token of who only looks."""
    current = remember_requests(Gate, "admin")

    def forgetting(is_revoked: Any) -> Any:
        async def ask_unless_audited(*args: Any) -> bool:
            request = current.get(None)
            is_audit = request is not None and request._scope["path"].endswith("/audit")
            return not is_audit and bool(await is_revoked(*args))

        return ask_unless_audited

    replace(Store, "is_revoked", forgetting)
