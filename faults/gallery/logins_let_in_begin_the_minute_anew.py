"""Each login that is let in begins the minute anew: who comes every 50 seconds is refused from the eleventh time on."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService

RULE = "2.9 S: login is limited to so many a minute"


def patch() -> None:
    """Begin it with each login within the limit."""

    def renewing(admit: Any) -> Any:
        async def admit_and_renew(service: AuthService, kind: str, address: str) -> None:
            await admit(service, kind, address)
            await service._sessions._redis.pexpire(f"{kind}_attempts:{address}", 60_000)

        return admit_and_renew

    replace(AuthService, "admit", renewing)
