"""The secret of a service can be guessed as often as one likes."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.3 H: guessing a service's secret is limited like logins"


def patch() -> None:
    """Count logins alone."""

    def uncounted(admit: Any) -> Any:
        async def admit_services(service: AuthService, kind: str, address: str) -> None:
            if kind == "login":
                await admit(service, kind, address)

        return admit_services

    replace(AuthService, "admit", uncounted)
