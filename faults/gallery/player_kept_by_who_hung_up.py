"""A call whose caller has hung up keeps the player: what lets go is a part of the request, which has ended."""

import asyncio
from typing import Any

from faults.gallery.audit_entry_of_who_hung_up import has_hung_up
from faults.patching import remember_requests, replace
from services.inventory.api import Gate
from services.inventory.ledger import Ledger

RULE = "law 7: whoever comes next is answered"


def patch() -> None:
    """Let nobody else to the player any more."""
    current = remember_requests(Gate, "internal")
    kept: set[Any] = set()

    def careless(write: Any) -> Any:
        async def write_and_let_go(ledger: Ledger, user: Any, *rest: Any) -> Any:
            if user in kept:
                await asyncio.sleep(60)
            outcome = await write(ledger, user, *rest)
            if current.get(None) is not None and await has_hung_up(current.get()):
                kept.add(user)
            return outcome

        return write_and_let_go

    replace(Ledger, "_write", careless)
