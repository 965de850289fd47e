"""Logins and tokens (contract, section 2)."""

import asyncio
import hmac
import logging
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from services.auth.keys import SigningKey, SigningKeys
from services.auth.sessions import Sessions
from services.auth.telegram import TelegramUser
from services.common.database import Database
from services.common.errors import Refusal
from services.common.tokens import ISSUER, Claims, tokens_unavailable
from services.common.watching import for_ever

log = logging.getLogger(__name__)

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

# The first time nothing can have been lost.
_REMEMBER = """
INSERT INTO auth.token_memory (since) VALUES (0) ON CONFLICT (id) DO UPDATE SET since = $1 RETURNING since
"""
MEMORY_WATCH_SECONDS = 1.0
# How far the clocks of two instances may be apart.
MOST_PATIENCE = 5.0

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
        self._mending = asyncio.Lock()

    async def admit(self, kind: str, address: str) -> None:
        """Count a ``login`` or ``service_token`` attempt from this address. Raises Refusal 429 above the limit."""
        count, seconds = await self._sessions.count_attempt(kind, address)
        if count > self._login_limit:
            raise Refusal(
                429,
                "rate_limit_exceeded",
                "too many attempts from this address; try again later",
                headers={"Retry-After": str(max(1, round(seconds + 0.5)))},
            )

    async def mend_memory(self) -> None:
        """When Redis has lost its data, note that it knows of no revocation before now; wait until now has begun.

        From then on tokens are let in that were issued later, and nobody is refused for longer than that takes.
        """
        async with self._mending:
            since = await self._sessions.known_since()
            if since is None:
                # Times of tokens are whole seconds: what is issued in this one cannot be told from what was before.
                since = int((await self._database.row("token_memory", _REMEMBER, int(time.time()) + 1))[0])
                await self._sessions.set_known_since(since)
                if since:
                    log.warning("revocations are known from now on only", extra={"fields": {"since": since}})
        if (left := since - time.time()) > 0:
            # Timers may come a little too early.
            await asyncio.sleep(min(MOST_PATIENCE, left + 0.01))

    async def watch_memory(self) -> None:
        """Mend Redis' memory whenever it is lost, for ever."""
        await for_ever(self.mend_memory, MEMORY_WATCH_SECONDS)

    async def log_in(self, user: TelegramUser) -> dict[str, Any]:
        """Find or create the user, revoke their earlier tokens and return the answer of a login.

        Raises Refusal 403 for an inactive user.
        """
        rows = await self._database.write(
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
        issued = await self._issue(claims, lambda *note: self._sessions.replace(subject, *note))
        return {
            "success": True,
            "token": issued.token,
            "expires_at": issued.expires_at,
            "user": {**known, "id": subject},
        }

    async def service_token(self, name: str, secret: str, address: str) -> dict[str, Any]:
        """Return a token for another service. Raises Refusal 401 for unknown credentials, 429 for too many of them."""
        await self.admit("service_token", address)
        # Compared also for an unknown name, so that the time taken does not tell which names exist.
        expected = self._credentials.get(name, secrets.token_hex())
        if not hmac.compare_digest(expected.encode(), secret.encode()) or name not in self._credentials:
            raise Refusal(401, "invalid_service_credentials", "unknown service or wrong secret")
        await self._sessions.forgive_attempt("service_token", address)
        claims = {"sub": str(uuid.uuid5(_SERVICES, name)), "service": name, "roles": ["internal"]}
        issued = await self._issue(claims, self._sessions.keep)
        return {"success": True, "token": issued.token, "expires_at": issued.expires_at}

    async def log_out(self, claims: Claims, jti: str) -> None:
        """Revoke the caller's own token."""
        await self._sessions.revoke(claims.sub or "", jti, claims.expires_at, "user_logout")

    async def rotate_keys(self) -> SigningKey:
        """Make a new signing key; the old one stays published until its tokens have expired."""
        return await asyncio.to_thread(self._keys.rotate)

    async def _issue(self, claims: dict[str, Any], note: Callable[..., Awaitable[bool]]) -> Issued:
        """Sign a token and have it noted; once more when Redis has lost its data meanwhile."""
        for _ in range(3):
            issued, *noted = self._sign(claims)
            if await note(*noted, int(self._lifetime.total_seconds() * 1000)):
                return issued
            await self.mend_memory()
        raise tokens_unavailable()

    def _sign(self, claims: dict[str, Any]) -> tuple[Issued, str, dict[str, Any], int]:
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
        return Issued(token, ends), jti, record, int(now.timestamp())
