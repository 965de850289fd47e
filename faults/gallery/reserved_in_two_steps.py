"""A reservation takes from main in one transaction and puts into factory in another."""

import asyncio
from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "law 4: the rows of one call stand together or not at all"
SQL = [("reserve", "(VALUES (1, p_main, 1), (0, p_factory, -1))", "(VALUES (1, p_main, 1))")]
SECOND = """INSERT INTO inventory.operations (id, user_id, section_id, item_id, collection_id, quality_level_id,
                quantity_change, operation_type_id, operation_id, created_at)
            SELECT ids.second, user_id, $2, item_id, collection_id, quality_level_id, -quantity_change,
                   operation_type_id, operation_id, clock_timestamp()
            FROM inventory.operations JOIN unnest($1::uuid[], $3::uuid[]) AS ids (first, second) ON id = ids.first"""


def patch() -> None:
    """Write the other half a moment later."""

    def slow(reserve: Any) -> Any:
        async def reserve_slowly(ledger: Ledger, user: Any, main: Any, factory: Any, *rest: Any) -> Any:
            outcome = await reserve(ledger, user, main, factory, *rest)
            if outcome.kind == "written":
                await asyncio.sleep(0.01)
                first, second = outcome.operation_ids[::2], outcome.operation_ids[1::2]
                await ledger._database.rows("reserve", SECOND, first, factory, second)
            return outcome

        return reserve_slowly

    replace(Ledger, "reserve", slow)
