"""Sections and operation types are looked for in the database, which fails at a text that it cannot hold."""

from typing import Any

from faults.patching import replace
from services.inventory.service import InventoryService

RULE = "4.1 S: bad input is a 4xx, never a 5xx"


def patch() -> None:
    """Ask it first."""

    def asking(find: Any) -> Any:
        async def ask_and_find(service: InventoryService, classifier: str, field: str, code: str) -> Any:
            await service._database.rows("code", "SELECT inventory.code_id($1, $2)", classifier, code)
            return await find(service, classifier, field, code)

        return ask_and_find

    replace(InventoryService, "_code", asking)
