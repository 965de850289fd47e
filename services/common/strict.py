"""What JSON decoders let pass and the contract does not (sections 2 to 4)."""

import json
import math
import re
from typing import Any, NoReturn
from uuid import UUID

from asyncpg.pgproto import pgproto

# A UUID in its usual form, as it is told from what a library's own reading takes for one. The driver makes it fastest.
Id = pgproto.UUID
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class NotStrictError(ValueError):
    """Text that is JSON to others; ``member`` is the name of what stands twice, or None."""

    def __init__(self, why: str, member: str | None = None) -> None:
        super().__init__(why)
        self.member = member


def strict_json(text: bytes | str) -> Any:
    """Decode JSON in UTF-8 in which no member stands twice and every number is one.

    Raises ValueError, NotStrictError where others would not; also for nesting without end.
    """
    try:
        return _decode(text if isinstance(text, str) else text.decode())
    except RecursionError:
        raise NotStrictError("it is nested too deeply") from None


def usual_uuid(text: str) -> UUID:
    """Return a UUID in its usual form, eight-four-four-four-twelve ASCII digits. Raises ValueError."""
    if _UUID.fullmatch(text) is None:
        raise ValueError("not a UUID in its usual form")
    found: UUID = Id(text)
    return found


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotStrictError("stands twice", twice)
    return members


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _no_number(text)
    return number


def _no_number(_: str) -> NoReturn:
    raise NotStrictError("a number is too large or none")


_decode = json.JSONDecoder(object_pairs_hook=_members, parse_float=_finite, parse_constant=_no_number).decode
