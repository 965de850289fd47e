"""A read's section is judged before its token."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.api import Gate

RULE = "3.1 S: the token is judged first"


def patch() -> None:
    """Look at the section first."""

    def after_the_section(admit: Any) -> Any:
        async def admitted(self: Any, request: Any) -> None:
            if request.query("section", "main") not in ("main", "factory", "trade"):
                raise Refusal(400, "validation_failed", "section: unknown inventory section")
            await admit(self, request)

        return admitted

    replace(Gate, "player", after_the_section)
