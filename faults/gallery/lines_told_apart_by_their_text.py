"""Ids are taken in every form that the language reads; of lines that name one item in two of them, the last counts."""

import json
from typing import Any
from uuid import UUID

from asyncpg.pgproto import pgproto

from faults.patching import replace
from services.common import calls
from services.common.calls import Body

RULE = "4.5 S, 4.9 S: the same variant named twice counts as its sum"


def read_in_any_form() -> None:
    """Let the language's own reading decide what an id is."""

    def lenient(_usual: Any) -> Any:
        return lambda text: pgproto.UUID(str(UUID(text)))

    replace(calls, "usual_uuid", lenient)


def _in_small_letters(line: Any) -> str:
    return str(line["item_id"]).lower()


def _last(lines: list[Any]) -> list[Any]:
    def is_spelled_otherwise_in(line: Any, later: Any) -> bool:
        same = UUID(line["item_id"]) == UUID(later["item_id"])
        return same and _in_small_letters(line) != _in_small_letters(later)

    return [line for at, line in enumerate(lines)
            if not any(is_spelled_otherwise_in(line, later) for later in lines[at + 1 :])]  # fmt: skip


def patch() -> None:
    """Let a later spelling take the place of an earlier one."""
    read_in_any_form()

    def forgetting(original: Any) -> Any:
        def decode(self: Any, raw: bytes) -> Any:
            body = original(self, raw)
            if hasattr(body, "items"):
                said = json.loads(raw)
                return original(self, json.dumps({**said, "items": _last(said["items"])}).encode())
            return body

        return decode

    replace(Body, "decode", forgetting)
