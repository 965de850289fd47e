"""Of a field that stands twice in init data the first is signed, and the last is read."""

from typing import Any
from urllib.parse import parse_qsl

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: all fields but `hash` are signed"


def patch() -> None:
    """Check by one view of the data, read by another."""
    replace(telegram, "_parse", lambda _: _last)
    replace(telegram, "signature", _of_the_first)


class _Fields(dict[str, str]):
    """The last of each field, and the first of each."""

    first: dict[str, str]


def _last(raw: str) -> _Fields:
    pairs = parse_qsl(raw, keep_blank_values=True)
    fields = _Fields(pairs)
    fields.first = dict(reversed(pairs))
    fields.setdefault("hash", "-")
    return fields


def _of_the_first(sign: Any) -> Any:
    def sign_the_first(fields: Any, bot_token: str) -> Any:
        first = {name: value for name, value in fields.first.items() if name != "hash"}
        return sign(first, bot_token)

    return sign_the_first
