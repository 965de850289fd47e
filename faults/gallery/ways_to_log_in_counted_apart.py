"""The logins of an address are counted by the way they go: it has as many of each."""

from typing import Any

from faults.patching import replace
from services.auth import api
from services.auth.service import AuthService
from services.common.calls import Request

RULE = "2.9 S: login is limited per client address"


def patch() -> None:
    """Count Telegram logins under a name of their own."""

    def apart(_login: Any) -> Any:
        async def login(gate: api.AuthGate, request: Request) -> None:
            service: AuthService = gate._service
            by_telegram = request.header(b"x-telegram-init-data") is not None
            await service.admit("telegram" if by_telegram else "login", request.client_host)

        return login

    replace(api.AuthGate, "login", apart)
