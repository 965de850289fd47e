"""Tokens that never show themselves, and who carries them (contract 2.10)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

ISSUER = "shard-legends-auth"
LIFETIME = 24 * 3600


@dataclass(frozen=True, repr=False)
class Token:
    """A bearer token that never shows itself: its text is a fingerprint, the value is in ``value``.

    ``forged`` tells in words how a test made it out of another one.
    """

    value: str
    forged: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"<token …{hashlib.sha256(self.value.encode()).hexdigest()[:6]}>"

    __repr__ = __str__

    @property
    def claims(self) -> dict[str, Any]:
        """The claims, unchecked. Raises AssertionError when the token is no JWT."""
        return self._part(1)

    @property
    def header(self) -> dict[str, Any]:
        """The header, unchecked. Raises AssertionError when the token is no JWT."""
        return self._part(0)

    def _part(self, number: int) -> dict[str, Any]:
        try:
            part = self.value.split(".")[number]
            found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        except (ValueError, IndexError):
            found = None
        if not isinstance(found, dict):
            raise AssertionError(f"{self} is no JWT")
        return cast("dict[str, Any]", found)


@dataclass(frozen=True)
class Player:
    """Somebody who is logged in."""

    user_id: str
    telegram_id: int
    token: Token
    is_new: bool = True

    def __str__(self) -> str:
        return f"player {self.telegram_id:x}"


def token_of(who: Player | Token) -> Token:
    """Return the token that somebody carries."""
    return who.token if isinstance(who, Player) else who


def encoded(value: Any) -> str:
    """Return a JSON value as a token writes it."""
    return encoded_bytes(json.dumps(value).encode())


def encoded_bytes(value: bytes) -> str:
    """Return bytes as a token writes them."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def claims_for(user_id: str, telegram_id: int | None, roles: list[str], now: float | None = None) -> dict[str, Any]:
    """Return the claims of a good token, as the auth service would write them (2.10)."""
    at = int(time.time() if now is None else now)
    claims: dict[str, Any] = {
        "iss": ISSUER, "sub": user_id, "iat": at, "exp": at + LIFETIME, "jti": str(uuid4()), "roles": roles,
    }  # fmt: skip
    return claims if telegram_id is None else {**claims, "telegram_id": telegram_id}


def init_data_hash(bot_token: str, fields: Mapping[str, str]) -> str:
    """Return the hash that Telegram would put on these fields (2.2)."""
    check = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
    return hmac.new(key, check.encode(), hashlib.sha256).hexdigest()
