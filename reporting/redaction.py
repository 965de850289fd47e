"""Keeps tokens, passwords and keys out of everything that is logged."""

from __future__ import annotations

import json
import re
from typing import Any

HIDDEN = "<hidden>"
# Short values are ordinary words in development ("password"); hiding those would garble every text.
_SHORTEST = 12
_NAMES = frozenset({"token", "secret", "password", "authorization", "x-telegram-init-data", "hash", "set-cookie"})
# A JWT's header is a JSON object, so its base64 starts with eyJ. A token that was cut short is hidden as well.
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}")
_WHOLE_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
_INIT_DATA = re.compile(r"(?<=hash=)[0-9a-f]{64}")
_known: set[str] = set()


def remember_secret(secret: str) -> None:
    """Remember a secret, so that `redact` hides it wherever it turns up."""
    if len(secret) >= _SHORTEST:
        _known.add(secret)


def redact(text: str) -> str:
    """Return the text without JWTs, private keys, hashes of init data and the secrets that are known."""
    for secret in _known:
        text = text.replace(secret, HIDDEN)
    # To look for a word first is several times cheaper than to try the pattern.
    if "eyJ" in text:
        text = _JWT.sub(HIDDEN, text)
    if "PRIVATE KEY" in text:
        text = _PEM.sub(HIDDEN, text)
    return _INIT_DATA.sub(HIDDEN, text) if "hash=" in text else text


def redact_value(value: Any) -> Any:
    """Return a JSON value whose members with telling names are hidden."""
    if isinstance(value, dict):
        return {k: HIDDEN if str(k).lower() in _NAMES else redact_value(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact_value(entry) for entry in value]
    return value


def show(value: Any, limit: int = 2000) -> str:
    """Return text, or a JSON value as text, redacted, with at most ``limit`` characters; nothing for None."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(redact_value(value), ensure_ascii=False, default=str)
    # Half a surrogate pair, which JSON may hold, fits into no file.
    text = redact(text).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def leaks(line: str, forbidden: dict[str, str]) -> list[str]:
    """Return the names of what a line holds and must not."""
    found = [name for name, value in forbidden.items() if value in line]
    return [*found, "a token"] if _WHOLE_JWT.search(line) else found


def blanked(line: str, forbidden: dict[str, str]) -> str:
    """Return a line for a message, without what must be in no log, ours included."""
    for value in forbidden.values():
        line = line.replace(value, HIDDEN)
    return redact(line)[:300]
