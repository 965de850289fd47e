"""A login over the limit is not told when to come again."""

from typing import Any

from faults.patching import replace
from services.auth.service import AuthService
from services.common.errors import Refusal

RULE = "2.9 S: 429 rate_limit_exceeded carries Retry-After"


def patch() -> None:
    """Take the header off the refusal."""

    def terse(admit: Any) -> Any:
        async def admit_tersely(service: AuthService, kind: str, address: str) -> None:
            try:
                await admit(service, kind, address)
            except Refusal as refusal:
                refusal.headers.clear()
                raise

        return admit_tersely

    replace(AuthService, "admit", terse)
