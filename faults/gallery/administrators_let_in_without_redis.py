"""An administrator whose token cannot be checked is let in, for they have to help while Redis is away."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.common.tokens import bearer, identify
from services.inventory import api

RULE = "3.8 H: a token that cannot be checked is refused with 503 token_check_unavailable"


def patch() -> None:
    """Believe the token's own word."""

    def trusting(admin: Any) -> Any:
        async def let_in(gate: api.Gate, request: Any) -> None:
            try:
                await admin(gate, request)
            except Refusal as refusal:
                if refusal.code != "token_check_unavailable":
                    raise
                api._remember(request, identify(await gate._verifier.verify(bearer(request.authorization))))

        return let_in

    replace(api.Gate, "admin", trusting)
