"""Who is calling: the checks of the contract's section 3, in its order."""

import re
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import jwt
from jwt import PyJWK
from jwt.utils import base64url_decode

from services.common.database import Database
from services.common.errors import Refusal, is_storable
from services.common.strict import strict_json, usual_uuid

ISSUER = "shard-legends-auth"
# A verified signature does not have to be verified again; how many tokens are remembered.
REMEMBERED = 20_000
# The largest exp that can be counted in milliseconds, as Redis does; seconds since 1970.
LATEST = 2**53
# In Redis: since when it knows all revocations, seconds since 1970. What was issued earlier may have been revoked.
KNOWN_SINCE = "tokens:known_since"

# Nothing may stand around the token, and no second header, which a comma and a space would join.
_BEARER = re.compile(r"(?i:bearer) ([!-~]+)", re.ASCII)


class KeySource(Protocol):
    """Where public keys come from. ``generation`` grows when the set of keys changes."""

    generation: int

    async def find(self, kid: str | None) -> Sequence[PyJWK]:
        """Return the keys to try for a token that names this ``kid``."""
        ...


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says. It may still have been revoked."""

    jti: str | None
    sub: str | None
    has_telegram_id: bool
    roles: frozenset[str]
    service: str | None
    issued_at: float
    expires_at: float


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, after every check of section 3 but the role."""

    user_id: UUID
    roles: frozenset[str]
    service: str | None = None


def bearer(authorization: str | None) -> str:
    """Return the token in an ``Authorization`` header. Raises Refusal (rules 1 and 2)."""
    if authorization is None:
        raise Refusal(401, "missing_token", "the Authorization header is missing")
    found = _BEARER.fullmatch(authorization)
    if found is None:
        raise Refusal(401, "invalid_token_format", "the Authorization header must be 'Bearer <token>'")
    return found[1]


class TokenVerifier:
    """Checks signatures and times (rule 3) and remembers the tokens that passed."""

    def __init__(self, keys: KeySource) -> None:
        self._keys = keys
        self._generation = keys.generation
        self._passed: OrderedDict[str, Claims] = OrderedDict()

    async def verify(self, token: str) -> Claims:
        """Return the claims of a valid token. Raises Refusal."""
        if self._generation != self._keys.generation:
            # A key may have been withdrawn; what it signed has to be checked again.
            self._passed.clear()
            self._generation = self._keys.generation
        known = self._passed.get(token)
        if known is not None:
            if known.expires_at <= time.time():
                del self._passed[token]
                raise _expired()
            self._passed.move_to_end(token)
            return known
        claims = await self._verify_signature(token)
        self._passed[token] = claims
        if len(self._passed) > REMEMBERED:
            self._passed.popitem(last=False)
        return claims

    async def _verify_signature(self, token: str) -> Claims:
        header = _read(token)
        if header.get("alg") != "RS256":
            raise _untrusted("the algorithm must be RS256")
        kid = header.get("kid")
        for key in await self._keys.find(kid if isinstance(kid, str) else None):
            try:
                payload = jwt.decode(
                    token,
                    key.key,
                    algorithms=["RS256"],
                    issuer=ISSUER,
                    options={
                        "require": ["exp"],
                        "verify_iat": False,
                        "verify_sub": False,
                        "verify_jti": False,
                        "verify_aud": False,
                    },
                )
            except jwt.ExpiredSignatureError:
                raise _expired() from None
            except jwt.InvalidSignatureError:
                continue
            except jwt.InvalidTokenError as error:
                raise _untrusted(str(error)) from None
            except (TypeError, OverflowError):
                raise _untrusted("a time in it is none") from None
            if not _is_time(payload["exp"]) or not _is_time(payload.get("nbf", 0)):
                raise _untrusted("its exp or nbf is no time")
            return _claims(payload)
        raise _untrusted("the signing key is unknown or did not sign this token")


def identify(claims: Claims) -> Caller:
    """Return the caller behind the claims of a token that is not revoked. Raises Refusal (rule 6)."""
    try:
        user_id = usual_uuid(claims.sub or "")
    except ValueError:
        raise Refusal(401, "missing_user_id", "the token names no user: sub must be a UUID") from None
    if not claims.has_telegram_id and "internal" not in claims.roles:
        raise Refusal(401, "missing_telegram_id", "the token of a player must carry telegram_id")
    return Caller(user_id, claims.roles, claims.service)


def _claims(payload: dict[str, Any]) -> Claims:
    def text(name: str) -> str | None:
        value = payload.get(name)
        return value if isinstance(value, str) and value and is_storable(value) else None

    roles, issued_at = payload.get("roles"), payload.get("iat")
    telegram_id = payload.get("telegram_id")
    return Claims(
        jti=text("jti"),
        sub=text("sub"),
        has_telegram_id=isinstance(telegram_id, int) and not isinstance(telegram_id, bool),
        roles=frozenset(r for r in roles if isinstance(r, str)) if isinstance(roles, list) else frozenset(),
        service=text("service"),
        # What does not say when it was issued is older than anything that was lost.
        issued_at=_time(issued_at),
        expires_at=float(payload["exp"]),
    )


def _read(token: str) -> dict[str, Any]:
    """Return the header of a token whose header and claims each say one thing, however they are read."""
    try:
        header, claims = (strict_json(base64url_decode(part)) for part in token.split(".")[:2])
    except ValueError:
        raise _untrusted("not a JWT") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise _untrusted("not a JWT")
    return header


def _time(value: Any) -> float:
    return float(value) if _is_time(value) else 0.0


def _is_time(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value <= LATEST


def _expired() -> Refusal:
    return Refusal(401, "token_expired", "the token has expired")


def _untrusted(why: str) -> Refusal:
    return Refusal(401, "invalid_token_signature", f"the token is not trusted: {why}")


def required_jti(claims: Claims) -> str:
    """Return the token's id. Raises Refusal (rule 4)."""
    if claims.jti is None:
        raise Refusal(401, "missing_token_id", "the token carries no jti")
    return claims.jti


def revoked() -> Refusal:
    """The refusal of a revoked token (rule 5)."""
    return Refusal(401, "token_revoked", "the token was revoked")


def tokens_unavailable(why: str = "tokens cannot be checked now; try again") -> Refusal:
    """The refusal when Redis cannot say whether a token was revoked: nobody is let in on a guess."""
    return Refusal(503, "token_check_unavailable", why, headers={"Retry-After": "1"})


def check_known(claims: Claims, known_since: float) -> None:
    """Refuse a token that was issued before Redis lost its data: it may have been revoked. Raises Refusal 503."""
    if claims.issued_at < known_since:
        raise tokens_unavailable("this token may have been revoked: log in again")


def forbidden(who: str = "administrators") -> Refusal:
    """The refusal of a call that only some may make (rule 7)."""
    return Refusal(403, "forbidden", f"this call is for {who} only")


async def require_administrator(caller: Caller, database: Database) -> None:
    """Let in who is an administrator now. Raises Refusal 403, and 503 when the database cannot say."""
    if "admin" not in caller.roles or not await is_administrator(caller.user_id, database):
        raise forbidden()


async def is_administrator(user: UUID, database: Database) -> bool:
    """Say whether a user is an administrator now; a token says so for longer."""
    return bool((await database.row("is_administrator", "SELECT auth.is_administrator($1)", user))[0])
