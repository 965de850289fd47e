"""Telegram Web App init data (contract, section 2: ``POST /auth``)."""

import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from services.common.errors import Refusal, is_storable
from services.common.strict import strict_json

MAX_AGE_SECONDS = 24 * 3600
# Clocks differ a little; a date further ahead was not set by Telegram.
MAX_AHEAD_SECONDS = 300


@dataclass(frozen=True)
class TelegramUser:
    """Who logs in, as Telegram or the development login describes them."""

    telegram_id: int
    first_name: str
    username: str | None = None
    last_name: str | None = None
    language_code: str | None = None
    is_premium: bool = False
    photo_url: str | None = None


def read_init_data(raw: str | None, bot_token: str) -> TelegramUser:
    """Return the user in signed init data. Raises Refusal 400 and 401 as the contract lists them.

    What was not signed is not looked at any further, so the signature decides first.
    """
    if not raw:
        raise Refusal(400, "missing_init_data", "the X-Telegram-Init-Data header is missing")
    fields = _parse(raw)
    given = fields.pop("hash")
    if not hmac.compare_digest(signature(fields, bot_token).encode(), given.lower().encode()):
        raise Refusal(401, "invalid_telegram_signature", "the init data was not signed by Telegram for this bot")
    age = time.time() - _auth_date(fields.get("auth_date", ""))
    if age > MAX_AGE_SECONDS:
        raise Refusal(400, "expired_auth_date", "the init data is older than 24 hours")
    if age < -MAX_AHEAD_SECONDS:
        raise _malformed("auth_date lies in the future")
    return _user(fields.get("user"))


def signature(fields: dict[str, str], bot_token: str) -> str:
    """Return the hex HMAC-SHA256 that Telegram puts into ``hash``."""
    secret = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
    checked = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return hmac.new(secret, checked.encode(), hashlib.sha256).hexdigest()


def _parse(raw: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, strict_parsing=True, max_num_fields=64)
    except ValueError:
        raise _malformed("it is not URL-encoded") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _malformed("a field stands in it twice")
    if not fields.get("hash"):
        raise _malformed("hash is missing")
    return fields


def _auth_date(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise _malformed("auth_date is missing or no number")
    return int(text)


def _user(raw: str | None) -> TelegramUser:
    try:
        user = strict_json(raw or "")
    except ValueError:
        user = None
    if not isinstance(user, dict):
        raise _bad_user("user is missing or no JSON object")
    telegram_id, first_name = user.get("id"), user.get("first_name")
    if not isinstance(telegram_id, int) or isinstance(telegram_id, bool) or not 0 < telegram_id < 2**63:
        raise _bad_user("user.id must be a positive whole number")
    if not isinstance(first_name, str) or not first_name.strip() or not is_storable(first_name):
        raise _bad_user("user.first_name must not be blank")
    return TelegramUser(
        telegram_id,
        first_name,
        _text(user, "username"),
        _text(user, "last_name"),
        _text(user, "language_code"),
        user.get("is_premium") is True,
        _text(user, "photo_url"),
    )


def _text(user: dict[str, Any], name: str) -> str | None:
    value = user.get(name)
    return value if isinstance(value, str) and is_storable(value) else None


def _malformed(why: str) -> Refusal:
    return Refusal(400, "invalid_init_data_format", f"the init data cannot be read: {why}")


def _bad_user(why: str) -> Refusal:
    return Refusal(401, "invalid_user_data", why)
