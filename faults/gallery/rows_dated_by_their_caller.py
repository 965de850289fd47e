"""An addition is dated by its member created_at: where that day is closed, what was added is in no balance."""

import json
from contextvars import ContextVar
from typing import Any

from faults.patching import replace, reword
from services.common.calls import Body
from services.inventory import ledger

RULE = "4.1 S: unknown JSON fields are ignored"
SQL = [
    (
        "add_items",
        "clock_timestamp()",
        "COALESCE(NULLIF(current_setting('faults.at', true), '')::timestamptz, clock_timestamp())",
    )
]
_AT: ContextVar[str] = ContextVar("at")


def patch() -> None:
    """Hand the date on."""

    def noting(decode: Any) -> Any:
        def note(kind: Any, raw: bytes) -> Any:
            body = decode(kind, raw)
            _AT.set(str(json.loads(raw).get("created_at", "")))
            return body

        return note

    def dated(write: Any) -> Any:
        return lambda self, user, what, *rest: write(self, user, what, *rest, *([_AT.get()] * (what == "add_items")))

    replace(Body, "decode", noting)
    replace(ledger.Ledger, "_write", dated)
    reword(ledger, "ADD", "$9", "CASE WHEN set_config('faults.at', $10, true) IS NOT NULL THEN $9 END")
