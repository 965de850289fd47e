"""Whether Redis has lost its data is asked where players call, not where services and administrators do."""

from typing import Any

from faults.patching import replace
from services.inventory.store import Store

RULE = "3.8 H: a token that was revoked before the loss never gets in again"


def patch() -> None:
    """Look for the revocation alone."""

    def hasty(_: Any) -> Any:
        async def is_revoked(self: Any, jti: str, _claims: Any) -> bool:
            return bool((await self._lookups.ask(jti, None))[0])

        return is_revoked

    replace(Store, "is_revoked", hasty)
