"""What a player had this morning and has no more is told with a quantity of zero."""

from typing import Any

from faults.patching import replace
from services.inventory.catalogue import Catalogue
from services.inventory.service import InventoryService

RULE = "4.3 S: only quantities above zero"
SQL = [("read_section", "HAVING sum(r.change) > 0 OR max(r.closed) IS NOT NULL", "")]


def patch() -> None:
    """Tell all that the ledger knows."""

    def complete(_: Any) -> Any:
        async def all_of_it(service: InventoryService, user: Any, code: str, section: Any, *_: Any) -> Any:
            found = await service._ledger.read_section(user, section)
            return await service._in_words(Catalogue.render, [(key, quantity) for key, _, quantity in found.balances])

        return all_of_it

    replace(InventoryService, "inventory", complete)
