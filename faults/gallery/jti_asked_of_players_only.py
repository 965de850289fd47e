"""A service's or an administrator's token needs no id, and cannot be revoked without one."""

from typing import Any

from faults.patching import replace
from services.common.tokens import Caller, bearer, identify, revoked
from services.inventory import api

RULE = "3.4 S: a token without jti is refused"


def patch() -> None:
    """Ask for the id where there is one."""

    def lenient(_: Any) -> Any:
        async def caller_of(gate: api.Gate, request: Any) -> Caller:
            claims = await gate._verifier.verify(bearer(request.authorization))
            if claims.jti and await gate._store.is_revoked(claims.jti, claims):
                raise revoked()
            caller = identify(claims)
            api._remember(request, caller)
            return caller

        return caller_of

    replace(api.Gate, "_caller", lenient)
