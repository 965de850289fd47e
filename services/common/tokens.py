"""Who is calling: the checks of the contract's section 3, in its order."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import jwt
from jwt import PyJWK

from services.common.errors import Refusal, is_storable

ISSUER = "shard-legends-auth"
# A verified signature does not have to be verified again; how many tokens are remembered.
REMEMBERED = 20_000
# The largest exp that can be counted in milliseconds, as Redis does; seconds since 1970.
LATEST = 2**53


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
    scheme, _, token = authorization.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or " " in token:
        raise Refusal(401, "invalid_token_format", "the Authorization header must be 'Bearer <token>'")
    return token


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
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError:
            raise _untrusted("not a JWT") from None
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
            if not isinstance(payload["exp"], (int, float)) or payload["exp"] > LATEST:
                raise _untrusted("its exp is no time")
            return _claims(payload)
        raise _untrusted("the signing key is unknown or did not sign this token")


def identify(claims: Claims) -> Caller:
    """Return the caller behind the claims of a token that is not revoked. Raises Refusal (rule 6)."""
    try:
        user_id = UUID(claims.sub or "")
    except ValueError:
        raise Refusal(401, "missing_user_id", "the token names no user: sub must be a UUID") from None
    if not claims.has_telegram_id and "internal" not in claims.roles:
        raise Refusal(401, "missing_telegram_id", "the token of a player must carry telegram_id")
    return Caller(user_id, claims.roles, claims.service)


def _claims(payload: dict[str, Any]) -> Claims:
    def text(name: str) -> str | None:
        value = payload.get(name)
        return value if isinstance(value, str) and value and is_storable(value) else None

    roles = payload.get("roles")
    telegram_id = payload.get("telegram_id")
    return Claims(
        jti=text("jti"),
        sub=text("sub"),
        has_telegram_id=isinstance(telegram_id, int) and not isinstance(telegram_id, bool),
        roles=frozenset(r for r in roles if isinstance(r, str)) if isinstance(roles, list) else frozenset(),
        service=text("service"),
        expires_at=float(payload["exp"]),
    )


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


def tokens_unavailable() -> Refusal:
    """The refusal when Redis cannot say whether a token was revoked: nobody is let in on a guess."""
    return Refusal(
        503, "token_check_unavailable", "tokens cannot be checked now; try again", headers={"Retry-After": "1"}
    )


def forbidden() -> Refusal:
    """The refusal of a call that only administrators may make (rule 7)."""
    return Refusal(403, "forbidden", "this call is for administrators only")
