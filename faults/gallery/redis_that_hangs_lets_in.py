"""A Redis that is not there refuses everybody; one that hangs lets in whoever comes."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.store import Lookups

RULE = "3.5 S, 3.8 H: a revoked token is refused; a token that cannot be checked is refused"


def patch() -> None:
    """Take no answer in time for "not revoked"."""

    def impatient(ask: Any) -> Any:
        async def ask_for_a_while(*args: Any) -> Any:
            try:
                return await ask(*args)
            except Refusal as refusal:
                if not isinstance(refusal.__cause__, TimeoutError):
                    raise
                return False, None

        return ask_for_a_while

    replace(Lookups, "ask", impatient)
