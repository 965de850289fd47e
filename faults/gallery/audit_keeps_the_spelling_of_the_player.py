"""The audit log names the player as the adjustment spelled the id, and is looked through for the usual spelling."""

from contextvars import ContextVar
from typing import Any

from faults.patching import replace, reword
from services.common import calls
from services.inventory import ledger

# By id, how the body that is being answered wrote it: an id itself has no place for that.
_written: ContextVar[dict[Any, Any]] = ContextVar("written", default={})  # noqa: B039
RULE = "4.10 H: the call tells that player's audit log"
STATEMENTS = ["ALTER TABLE inventory.audit_log ALTER user_id TYPE text"]
SQL = [
    ("adjust", "a.user_id = p_user", "lower(a.user_id) = p_user::text"),
    ("adjust", "VALUES (p_admin, p_user,", "VALUES (p_admin, split_part(p_request, ' ', 2),"),
    ("adjust", "p_reason, p_request, v_now);", "p_reason, split_part(p_request, ' ', 1), v_now);"),
]


def patch() -> None:
    """Keep how an id was written."""

    def remembering(read: Any) -> Any:
        def read_and_remember(kind: type, value: Any) -> Any:
            found = read(kind, value)
            _written.set({**_written.get(), found: value})
            return found

        return read_and_remember

    def as_spelled(adjust: Any) -> Any:
        async def adjust_as_spelled(self: Any, admin: Any, user: Any, *rest: Any) -> Any:
            *others, request_id, variants = rest
            return await adjust(self, admin, user, *others, f"{request_id} {_written.get()[user]}", variants)

        return adjust_as_spelled

    replace(calls, "_own_type", remembering)
    replace(ledger.Ledger, "adjust", as_spelled)
    reword(ledger, "AUDIT", "user_id = $1", "user_id = $1::uuid::text")
