"""Judges JSON values by forms told in words: ``items.*.quantity count``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from reporting import redaction


def differences(value: Any, wanted: Iterable[str]) -> list[str]:
    """Return where a JSON value has not the wanted form, told as ``items.*.quantity count`` (``*``: every entry).

    Kinds: uuid, text, whole, count (above zero), balance (zero or more), true, false, flag, list, object,
    number, utc, level, path, text|null, given (neither null nor empty), any, absent.
    A name that ends in ``?`` may be missing.
    """
    found: list[str] = []
    for line in wanted:
        path, _, kind = line.rpartition(" ")
        found += _differences(value, path.split("."), kind, "")
    return found


def _differences(value: Any, path: list[str], kind: str, where: str) -> list[str]:
    if not path:
        words, fits = _KINDS[kind]
        return [] if fits(value) else [f"{where} is {redaction.show(value, 80) or 'nothing'}, not {words or kind}"]
    step, *rest = path
    if step == "*":
        if not isinstance(value, list):
            return [f"{where or 'the body'} is no list"]
        return [one for n, entry in enumerate(value) for one in _differences(entry, rest, kind, f"{where}[{n}]")][:1]
    name = step.removesuffix("?")
    inside = f"{where}.{name}" if where else name
    if not isinstance(value, dict):
        return [f"{where or 'the body'} is no object"]
    if name not in value:
        return [] if step.endswith("?") or kind == "absent" else [f"{inside} is missing"]
    return _differences(value[name], rest, kind, inside)


def is_uuid(value: Any) -> bool:
    """Say whether a value is the text of a UUID in its usual form."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def is_whole(value: Any) -> bool:
    """Say whether a value is a whole number (true and false are none)."""
    return isinstance(value, int) and not isinstance(value, bool)


_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# What libraries for logs call their levels, in any case.
_LEVELS = {
    "trace", "debug", "info", "information", "notice", "warn", "warning", "err", "error", "crit", "critical", "fatal",
    "panic", "alert", "emerg", "emergency",
}  # fmt: skip
# Each kind in words, and how to tell.
_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "uuid": ("a UUID", is_uuid),
    "text": ("", lambda value: isinstance(value, str) and bool(value)),
    "whole": ("a whole number", is_whole),
    "count": ("a whole number above zero", lambda value: is_whole(value) and value > 0),
    "balance": ("a whole number of zero or more", lambda value: is_whole(value) and value >= 0),
    "true": ("", lambda value: value is True),
    "false": ("", lambda value: value is False),
    "flag": ("", lambda value: isinstance(value, bool)),
    "list": ("a list", lambda value: isinstance(value, list)),
    "object": ("an object", lambda value: isinstance(value, dict)),
    "number": ("a number", lambda value: isinstance(value, (int, float)) and not isinstance(value, bool)),
    "utc": ("an RFC 3339 time in UTC", lambda value: _UTC.fullmatch(str(value)) is not None),
    "level": ("", lambda value: isinstance(value, str) and value.lower() in _LEVELS),
    "path": ("a path without a query", lambda value: isinstance(value, str) and "?" not in value),
    "text|null": ("text or nothing", lambda value: value is None or isinstance(value, str)),
    "given": ("told", lambda value: value not in (None, "")),
    "any": ("", lambda _: True),
    "absent": ("", lambda _: False),
}
