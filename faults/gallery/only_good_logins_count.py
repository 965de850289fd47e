"""A login counts against the limit only once what it says has been found right."""

from contextvars import ContextVar
from typing import Any

from faults.patching import replace
from services.auth.api import AuthGate
from services.auth.service import AuthService

RULE = "2.9 S: login is limited per client address"
_ADDRESS: ContextVar[str] = ContextVar("address")


def patch() -> None:
    """Count in the place where tokens are made."""

    def unguarded(_: Any) -> Any:
        async def login(_gate: Any, request: Any) -> None:
            _ADDRESS.set(request.client_host)

        return login

    def counting(log_in: Any) -> Any:
        async def counted(service: AuthService, *args: Any) -> Any:
            await service.admit("login", _ADDRESS.get())
            return await log_in(service, *args)

        return counted

    replace(AuthGate, "login", unguarded)
    replace(AuthService, "log_in", counting)
