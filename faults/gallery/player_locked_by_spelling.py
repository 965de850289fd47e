"""Calls on one player do not wait for each other when one spells the player's id in capitals."""

from contextvars import ContextVar
from typing import Any

from faults.patching import replace
from services.common import calls
from services.inventory.ledger import Ledger

# By id, how the body that is being answered wrote it: an id itself has no place for that.
_written: ContextVar[dict[Any, Any]] = ContextVar("written", default={})  # noqa: B039
RULE = "law 2 S: no balance is ever below zero, under any concurrency"
SQL = [
    (
        "lock_player",
        "hashtextextended(p_user::text, 1)",
        "hashtextextended(COALESCE(NULLIF(current_setting('inventory.spelled', true), ''), p_user::text), 1)",
    )
]


def patch() -> None:
    """Keep how an id was written, and lock by that."""

    def remembering(read: Any) -> Any:
        def read_and_remember(kind: type, value: Any) -> Any:
            found = read(kind, value)
            _written.set({**_written.get(), found: value})
            return found

        return read_and_remember

    def by_spelling(write: Any) -> Any:
        async def write_by_spelling(ledger: Ledger, user: Any, operation: str, sql: str, *args: Any) -> Any:
            # Said before the function that locks is called, because its own argument depends on it.
            place, spelled = args.index(user) + 1, _written.get()[user]
            said = f"CASE WHEN set_config('inventory.spelled', ${len(args) + 1}, true) <> '' THEN ${place}::uuid END"
            return await write(ledger, user, operation, sql.replace(f"${place},", f"{said},", 1), *args, spelled)

        return write_by_spelling

    replace(calls, "_own_type", remembering)
    replace(Ledger, "_write", by_spelling)
