"""Judges the services' log lines (contract 6.4)."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from libraries.target.preparing import target
from reporting.forms import differences
from reporting.redaction import redact

_ALWAYS = ("timestamp utc", "level level", "message any", "service any")
_OF_A_REQUEST = (
    "request_id any", "method text", "path path", "status whole", "duration_ms number", "user_id text|null",
)  # fmt: skip
_PAIR = re.compile(r'(?:^|\s)[A-Za-z_][\w.-]*=(?:"[^"]*"|[^\s"]+)')
_TABBED = re.compile(r"(?:^|\t)[A-Za-z_][\w.-]*:[^\t]*(?=\t|$)")
_PAIRS = 3
_SHORTEST_SECRET = 8
_NO_SECRETS = {"service_name", "signing_key_file"}


def content_of(file: str, line: str) -> dict[str, Any]:
    """Return a line as JSON. Raises AssertionError when it is no JSON object."""
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise AssertionError(f"{file} has a line that is no JSON object: {redact(line)[:300]!r} (6.4)")
    return found


def is_structured(line: str) -> bool:
    """Return whether a line holds fields with names: a JSON object, or three pairs of ``name=value``.

    Between tabs they may be ``name:value`` as well. What a collector has put before it, such as a container's
    name, is not looked at.
    """
    with suppress(ValueError):
        found, _ = json.JSONDecoder().raw_decode(line[line.find("{") :])
        if found and isinstance(found, dict):
            return True
    return max(len(_PAIR.findall(line)), len(_TABBED.findall(line))) >= _PAIRS


def faults_of(content: dict[str, Any]) -> list[str]:
    """Return what a line lacks or has in another form than promised."""
    return differences(content, _ALWAYS + (_OF_A_REQUEST if "path" in content else ()))


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
