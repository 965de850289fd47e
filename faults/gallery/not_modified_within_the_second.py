"""Who has read within the second of a change, and asks for what is newer, is answered that there is nothing."""

from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from faults.patching import remember_requests, replace
from services.common.calls import Answer
from services.inventory.api import Gate
from services.inventory.service import InventoryService

RULE = "law 6 S: after a 200 the next GET shows it, no cache serves an older balance"
_CHANGED = "SELECT max(created_at) FROM inventory.operations WHERE user_id = $1"


def patch() -> None:
    """Tell when the player's ledger changed last, in whole seconds."""

    current = remember_requests(Gate, "player")

    def dated(read: Any) -> Any:
        async def read_what_is_newer(service: InventoryService, user: Any, *where: Any) -> Any:
            (changed,) = await service._database.row("last_change", _CHANGED, user)
            if changed is None:
                return await read(service, user, *where)
            changed = changed.replace(microsecond=0)
            headers = {"Last-Modified": format_datetime(changed, usegmt=True), "Cache-Control": "private, no-cache"}
            known = _instant(current.get().header(b"if-modified-since"))
            if known is not None and changed <= known:
                return Answer(b"", 304, headers)
            return Answer(await read(service, user, *where), headers=headers)

        return read_what_is_newer

    replace(InventoryService, "inventory", dated)


def _instant(header: str | None) -> Any:
    try:
        instant = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return instant if instant.tzinfo else None
