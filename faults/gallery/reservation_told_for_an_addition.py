"""An addition to factory is told as a reservation."""

from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "4.8 S: 404 where there is no reservation"


def patch() -> None:
    """Call rows that add to factory a reservation's."""

    def lenient(read: Any) -> Any:
        async def read_leniently(ledger: Ledger, operation: Any) -> list[Any]:
            kind = "SELECT inventory.code_id('operation_type', 'factory_reservation') AS id"
            reserved = (await ledger._database.row("code", kind))["id"]
            rows = [dict(row) for row in await read(ledger, operation)]
            known = {row["operation_type_id"] for row in rows}
            return rows if reserved in known else [{**row, "operation_type_id": reserved} for row in rows]

        return read_leniently

    replace(Ledger, "reservation", lenient)
