"""Guesses of a service's secret are counted for each name that was guessed for."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.3 H: guessing is limited like logins"


def patch() -> None:
    """Give each name its own address."""

    def by_name(ask: Any) -> Any:
        async def service_token(self: Any, name: str, secret: str, address: str) -> Any:
            return await ask(self, name, secret, f"{address}:{name}")

        return service_token

    replace(AuthService, "service_token", by_name)
