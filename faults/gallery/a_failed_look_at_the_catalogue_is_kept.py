"""A look at the catalogue that failed is remembered, and fails whoever asks for something unknown from then on."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal
from services.inventory.service import InventoryService

RULE = "4.1 S: bad input is a 400"


def patch() -> None:
    """Keep what came of it, whatever it was."""

    def keeping(original: Any) -> Any:
        async def load(self: Any) -> Any:
            failed = getattr(self, "_failed", None)
            if failed is not None:
                raise failed
            try:
                return await original(self)
            except Refusal as refusal:
                self._failed = refusal
                raise

        return load

    replace(InventoryService, "_load_catalogue", keeping)
