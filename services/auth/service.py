"""Logins and tokens (contract, section 2)."""

import asyncio
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from services.auth.keys import SigningKey, SigningKeys
from services.auth.sessions import Sessions
from services.auth.telegram import TelegramUser
from services.common.database import Database
from services.common.errors import Refusal
from services.common.tokens import ISSUER, Claims

# An inactive user's row is left as it is, and no row comes back.
_LOG_IN = """
INSERT INTO auth.users AS u
    (telegram_id, username, first_name, last_name, language_code, is_premium, photo_url, last_login_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, now())
ON CONFLICT (telegram_id) DO UPDATE SET
    username = EXCLUDED.username, first_name = EXCLUDED.first_name,
    last_name = COALESCE(EXCLUDED.last_name, u.last_name),
    language_code = COALESCE(EXCLUDED.language_code, u.language_code),
    is_premium = EXCLUDED.is_premium, photo_url = COALESCE(EXCLUDED.photo_url, u.photo_url),
    last_login_at = now(), updated_at = now()
WHERE u.is_active
RETURNING id, telegram_id, username, first_name, last_name, language_code, is_premium, photo_url, role,
          (xmax = 0) AS is_new_user
"""

_SERVICES = uuid.uuid5(uuid.NAMESPACE_DNS, "services.shard-legends")


@dataclass(frozen=True)
class Issued:
    """A signed token and when it ends."""

    token: str
    expires_at: datetime


class AuthService:
    """Finds users, signs tokens and keeps Redis in step."""

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        keys: SigningKeys,
        lifetime: timedelta,
        login_limit: int,
        credentials: dict[str, str],
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._keys = keys
        self._lifetime = lifetime
        self._login_limit = login_limit
        self._credentials = credentials

    async def admit(self, address: str) -> None:
        """Count a login from this address. Raises Refusal 429 above the limit."""
        count, seconds = await self._sessions.count_login(address)
        if count > self._login_limit:
            raise Refusal(
                429,
                "rate_limit_exceeded",
                "too many logins from this address; try again later",
                headers={"Retry-After": str(max(1, round(seconds + 0.5)))},
            )

    async def log_in(self, user: TelegramUser) -> dict[str, Any]:
        """Find or create the user, revoke their earlier tokens and return the answer of a login.

        Raises Refusal 403 for an inactive user.
        """
        rows = await self._database.rows(
            "log_in",
            _LOG_IN,
            user.telegram_id,
            user.username,
            user.first_name,
            user.last_name,
            user.language_code,
            user.is_premium,
            user.photo_url,
        )
        if not rows:
            raise Refusal(403, "user_inactive", "this user is not active")
        known = dict(rows[0])
        role = known.pop("role")
        subject = str(known["id"])
        claims = {"sub": subject, "telegram_id": user.telegram_id, "roles": ["admin"] if role == "admin" else []}
        issued, jti, record = self._sign(claims)
        await self._sessions.replace(subject, jti, record, self._milliseconds())
        return {
            "success": True,
            "token": issued.token,
            "expires_at": issued.expires_at,
            "user": {**known, "id": subject},
        }

    async def service_token(self, name: str, secret: str) -> dict[str, Any]:
        """Return a token for another service. Raises Refusal 401 for unknown credentials."""
        # Compared also for an unknown name, so that the time taken does not tell which names exist.
        expected = self._credentials.get(name, secrets.token_hex())
        if not hmac.compare_digest(expected.encode(), secret.encode()) or name not in self._credentials:
            raise Refusal(401, "invalid_service_credentials", "unknown service or wrong secret")
        issued, jti, record = self._sign(
            {"sub": str(uuid.uuid5(_SERVICES, name)), "service": name, "roles": ["internal"]}
        )
        await self._sessions.keep(jti, record, self._milliseconds())
        return {"success": True, "token": issued.token, "expires_at": issued.expires_at}

    async def log_out(self, claims: Claims, jti: str) -> None:
        """Revoke the caller's own token."""
        await self._sessions.revoke(claims.sub or "", jti, claims.expires_at, "user_logout")

    async def rotate_keys(self) -> SigningKey:
        """Make a new signing key; the old one stays published until its tokens have expired."""
        return await asyncio.to_thread(self._keys.rotate)

    def _milliseconds(self) -> int:
        return int(self._lifetime.total_seconds() * 1000)

    def _sign(self, claims: dict[str, Any]) -> tuple[Issued, str, dict[str, Any]]:
        key = self._keys.current()
        now = datetime.now(UTC).replace(microsecond=0)
        ends = now + self._lifetime
        jti = str(uuid.uuid4())
        payload = {"iss": ISSUER, **claims, "iat": now, "exp": ends, "jti": jti}
        token = jwt.encode(payload, key.private, algorithm="RS256", headers={"kid": key.kid})
        record = {
            "user_id": claims["sub"],
            "telegram_id": claims.get("telegram_id"),
            "issued_at": now.isoformat(),
            "expires_at": ends.isoformat(),
        }
        return Issued(token, ends), jti, record
