"""A login is counted by what X-Real-IP or Forwarded says, whoever has sent it."""

from typing import Any

from faults.patching import replace
from services.auth.api import AuthGate

RULE = "2.9 H: nobody's header counts but a trusted proxy's"


def patch() -> None:
    """Believe these headers, and not X-Forwarded-For."""

    def believing(_: Any) -> Any:
        async def login(gate: Any, request: Any) -> None:
            said = request.header(b"x-real-ip") or request.header(b"forwarded")
            await gate._service.admit("login", said or request.client_host)

        return login

    replace(AuthGate, "login", believing)
