"""Who was active is counted by token: a player who logs in again is one more."""

from typing import Any

from faults.patching import replace
from services.common.calls import Request
from services.inventory.api import Gate

RULE = "6.2 S: inventory_active_users_total counts users"


def patch() -> None:
    """Remember the token too."""

    def by_token(player: Any) -> Any:
        async def let_in(gate: Gate, request: Request) -> None:
            await player(gate, request)
            gate._seen.saw(request.authorization)

        return let_in

    replace(Gate, "player", by_token)
