"""Of a player's token it is asked whom it names, and a revoked one that names nobody is never found to be revoked."""

import copy
from typing import Any

from faults.patching import replace
from services.inventory.api import Gate

RULE = "3.5 S: revoked comes before whose call it is"


class _Blind:
    """A store that knows of no revocation unless the closed day is asked for, too."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def is_revoked(self, *_: Any) -> bool:
        return False


def patch() -> None:
    """Refuse who has no name without a look into Redis."""

    def named_first(guard: Any) -> Any:
        async def player(gate: Gate, request: Any) -> None:
            blind = copy.copy(gate)
            blind._store = _Blind(gate._store)  # type: ignore[assignment]
            await guard(blind, request)

        return player

    replace(Gate, "player", named_first)
