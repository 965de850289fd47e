"""Tokens that are looked up together are judged together: one that was revoked makes all of them so."""

from typing import Any

from faults.patching import replace
from services.inventory.store import Lookups

RULE = "3.5 S: a token is refused when it was revoked itself"


def patch() -> None:
    """Let one revoked token count for the batch."""

    def together(answer: Any) -> Any:
        async def answer_together(lookups: Lookups, batch: Any) -> Any:
            found = await answer(lookups, batch)
            return [(any(revoked for revoked, _ in found), cached) for _, cached in found]

        return answer_together

    replace(Lookups, "_answer", together)
