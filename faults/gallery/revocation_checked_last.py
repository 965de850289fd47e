"""Services and administrators: a token's claims are looked at before it is asked whether it was revoked."""

from typing import Any

from faults.patching import replace
from services.common.tokens import Caller, bearer, identify, required_jti, revoked
from services.inventory import api
from services.inventory.api import Gate

RULE = "3.5 S, 3.6 S: in this order"


def patch() -> None:
    """Turn the two checks round."""

    def hasty(_: Any) -> Any:
        async def caller_first(gate: Gate, request: Any) -> Caller:
            claims = await gate._verifier.verify(bearer(request.authorization))
            jti = required_jti(claims)
            caller = identify(claims)
            if await gate._store.is_revoked(jti, claims):
                raise revoked()
            api._remember(request, caller)
            return caller

        return caller_first

    replace(Gate, "_caller", hasty)
