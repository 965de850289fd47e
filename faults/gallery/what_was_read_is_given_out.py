"""What an instance has read of a section it gives out without another look, and waits for nobody."""

from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger
from services.inventory.service import InventoryService

RULE = "law 2 S: no balance is ever below zero, under any concurrency"
_TOLD = "current_setting('inventory.told', true) IS NOT DISTINCT FROM 'yes'"
_LOCK = "PERFORM pg_advisory_xact_lock(hashtextextended(p_user::text, 1));"
SQL = [
    ("lock_player", _LOCK, f"IF NOT {_TOLD} THEN {_LOCK} END IF;"),
    ("refusal", "b.quantity + b.change < 0", f"NOT {_TOLD} AND b.quantity + b.change < 0"),
]
# Where the lines stand among the arguments of a call, after who, which section and which operation.
_LINES = {"reserve": (0, 5), "adjust": (1, 6)}
# By player and section, until the instance's next write on the player.
_read: dict[Any, dict[bytes, int]] = {}


def _has_read_of_enough(operation: str, args: tuple[Any, ...]) -> bool:
    who, first = _LINES[operation]
    there = _read.get((args[who], args[who + 1]), {})
    items, collections, qualities, quantities = args[first : first + 4]
    keys = [i.bytes + c.bytes + q.bytes for i, c, q in zip(items, collections, qualities, strict=True)]
    return all(there.get(key, 0) >= abs(quantity) for key, quantity in zip(keys, quantities, strict=True))


def patch() -> None:
    """Remember what was read, and say so where it is enough."""

    def remembering(read: Any) -> Any:
        async def read_and_remember(service: InventoryService, user: Any, *rest: Any) -> Any:
            found = await read(service, user, *rest)
            section = next(one for one in rest if hasattr(one, "bytes"))
            _read[user, section] = dict(found)
            return found

        return read_and_remember

    def trusting(write: Any) -> Any:
        async def write_what_was_read(ledger: Ledger, user: Any, operation: str, sql: str, *args: Any) -> Any:
            if operation in _LINES and _has_read_of_enough(operation, args):
                place = args.index(user) + 1
                told = f"CASE WHEN set_config('inventory.told', 'yes', true) <> '' THEN ${place}::uuid END,"
                sql = sql.replace(f"${place},", told, 1)
            try:
                return await write(ledger, user, operation, sql, *args)
            finally:
                for key in [key for key in _read if key[0] == user]:
                    del _read[key]

        return write_what_was_read

    replace(InventoryService, "_from_ledger", remembering)
    replace(InventoryService, "_with_today", remembering)
    replace(Ledger, "_write", trusting)
