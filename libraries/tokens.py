"""Tokens, their claims, and Telegram init data (contract, sections 2 and 3)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode
from uuid import uuid4

ISSUER = "shard-legends-auth"
HOUR = 3600


class Token:
    """A bearer token that never shows itself: its text is a fingerprint, the value is in ``value``."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __str__(self) -> str:
        return f"<token …{hashlib.sha256(self.value.encode()).hexdigest()[:6]}>"

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and hmac.compare_digest(self.value.encode(), other.value.encode())

    def __hash__(self) -> int:
        return hash(self.value)

    @property
    def claims(self) -> dict[str, Any]:
        """The claims, unchecked. Raises ValueError when the token is no JWT."""
        return cast("dict[str, Any]", _decoded(self.value.split(".")[1]))

    @property
    def header(self) -> dict[str, Any]:
        """The header, unchecked."""
        return cast("dict[str, Any]", _decoded(self.value.split(".")[0]))


def _decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def encoded(value: Any) -> str:
    """Return a JSON value as a token writes it."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def claims_for(user_id: str, telegram_id: int | None, roles: list[str], now: float | None = None) -> dict[str, Any]:
    """Return the claims of a good token, as the auth service would write them."""
    at = int(time.time() if now is None else now)
    claims: dict[str, Any] = {
        "iss": ISSUER, "sub": user_id, "iat": at, "exp": at + 24 * HOUR, "jti": str(uuid4()), "roles": roles,
    }  # fmt: skip
    return claims if telegram_id is None else {**claims, "telegram_id": telegram_id}


def changed(claims: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return claims with some replaced; a change to None leaves the claim out."""
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


def init_data(bot_token: str, fields: Mapping[str, str]) -> str:
    """Return signed Telegram init data with these fields (contract, section 2)."""
    return urlencode({**fields, "hash": init_data_hash(bot_token, fields)})


def init_data_hash(bot_token: str, fields: Mapping[str, str]) -> str:
    """Return the hash that Telegram would put on these fields."""
    check = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
    return hmac.new(key, check.encode(), hashlib.sha256).hexdigest()
