"""Judges the services' log lines (contract 6.4)."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

from libraries.target.preparing import target
from reporting.redaction import HIDDEN, redact

ALWAYS = ("timestamp", "level", "message", "service")
OF_A_REQUEST = (*ALWAYS, "request_id", "method", "path", "status", "duration_ms", "user_id")
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")
_LEVELS = {"debug", "info", "warning", "error", "critical"}
_SHORTEST_SECRET = 8
_NO_SECRETS = {"service_name", "signing_key_file"}
_KINDS: dict[str, Any] = {
    "method": str, "path": str, "status": int, "duration_ms": (int, float), "user_id": (str, type(None)),
}  # fmt: skip


def content_of(file: str, line: str) -> dict[str, Any]:
    """Return a line as JSON. Raises AssertionError when it is no JSON object."""
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise AssertionError(f"{file} has a line that is no JSON object: {redact(line)[:300]!r} (6.4)")
    return found


def faults_of(content: dict[str, Any]) -> list[str]:
    """Return what a line lacks or has in another form than promised."""
    wanted = OF_A_REQUEST if "path" in content else ALWAYS
    found = [f"{name} is missing" for name in wanted if name not in content]
    if not _UTC.fullmatch(str(content.get("timestamp"))):
        found.append(f"timestamp {content.get('timestamp')!r} is no RFC 3339 time in UTC")
    if content.get("level") not in _LEVELS:
        found.append(f"level is {content.get('level')!r}")
    if "path" in content:
        found += [f"{n} is {content.get(n)!r}" for n, kind in _KINDS.items() if not isinstance(content.get(n), kind)]
        if "?" in str(content.get("path")):
            found.append("path has a query in it")
    return found


def secrets_of_the_target() -> dict[str, str]:
    """Return what no log may hold, by what it is."""
    found = {f"secret {n} of the settings": value for n, value in enumerate(target().secrets(), 1)}
    stack = target().stack
    if stack is not None:
        own = stack.load_secrets()
        found |= {field.name: str(getattr(own, field.name)) for field in fields(own) if field.name not in _NO_SECRETS}
    key_file = target().signing_key_file
    if key_file is not None:
        key = Path(key_file).read_text(encoding="utf-8").splitlines()
        found |= {f"line {n} of the signing key": text for n, text in enumerate(key) if text and "-----" not in text}
    return {name: value for name, value in found.items() if len(value) >= _SHORTEST_SECRET}


def leaks(line: str, forbidden: dict[str, str]) -> list[str]:
    """Return the names of what a line holds and must not."""
    found = [name for name, value in forbidden.items() if value in line]
    return [*found, "a token"] if _JWT.search(line) else found


def blanked(line: str, forbidden: dict[str, str]) -> str:
    """Return a line for a message, without what must be in no log, ours included."""
    for value in forbidden.values():
        line = line.replace(value, HIDDEN)
    return redact(line)[:300]
