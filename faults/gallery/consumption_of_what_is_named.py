"""A consumption that names items destroys these alone, and the rest of its reservation stays in the factory."""

import json
from contextvars import ContextVar
from typing import Any

from faults.patching import replace, reword
from services.common.calls import Body
from services.inventory import ledger

RULE = "4.7 S: a consumption destroys what is reserved, whatever else its body has"
_ALL = "AND o.section_id = p_factory;"
SQL = [
    (
        "end_reservation",
        _ALL,
        f"{_ALL[:-1]} AND (p_main IS NOT NULL OR o.item_id::text ~ current_setting('faults.of'));",
    )
]
_NAMED: ContextVar[str] = ContextVar("named")


def patch() -> None:
    """Hand the names on."""

    def noting(decode: Any) -> Any:
        def note(kind: Any, raw: bytes) -> Any:
            body = decode(kind, raw)
            _NAMED.set("|".join(item["item_id"] for item in json.loads(raw).get("items", [])))
            return body

        return note

    def named(write: Any) -> Any:
        return lambda self, user, what, *rest: write(
            self, user, what, *rest, *([_NAMED.get()] * (what == "end_reservation"))
        )

    replace(Body, "decode", noting)
    replace(ledger.Ledger, "_write", named)
    reword(ledger, "END", "$6", "CASE WHEN set_config('faults.of', $7, true) IS NOT NULL THEN $6::uuid END")
