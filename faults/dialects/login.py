"""Freedoms of auth-service (contract, section 2)."""

import hashlib
import json
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt.algorithms import RSAAlgorithm

from faults.dialects.answers import Answer, hide, rewrite
from faults.dialects.dialect import dialect
from faults.patching import replace, reword
from services.auth import service, sessions
from services.common import http
from services.inventory import keys

_NAMED_IN_2_1 = ("id", "telegram_id", "username", "first_name", "is_new_user")


@dialect("2.1", env={"AUTH_DEV_LOGIN": "false"}, target={"TARGET_LOGIN": "telegram", "TARGET_LOGIN_WAYS": "telegram"})
def login_by_telegram() -> None:
    """Players log in with Telegram only; there is no development login."""


@dialect("2.9", env={"AUTH_LOGIN_LIMIT_PER_MINUTE": "10"}, target={"TARGET_LOGIN_LIMIT": "10"})
def login_limit() -> None:
    """An address may log in ten times a minute, as in production."""


@dialect("2.1")
def few_user_members() -> None:
    """A login's answer tells of the user what the contract names and no more."""

    def shorten(answer: Answer) -> None:
        if answer.body and isinstance(user := answer.body.get("user"), dict):
            answer.body["user"] = {name: user[name] for name in _NAMED_IN_2_1 if name in user}

    rewrite(shorten)


@dialect("2.3", tokens=("service",))
def no_service_tokens() -> None:
    """Services get their tokens from elsewhere, not from auth-service."""
    hide("/auth/service-token")


@dialect("2.4")
def no_logout() -> None:
    """There is no logout."""
    hide("/auth/logout")


@dialect("2.5")
def no_key_rotation() -> None:
    """Keys are not rotated by a call."""
    hide("/auth/keys/rotate")


@dialect("2.7")
def no_jwks() -> None:
    """The public key is published as PEM alone, and who needs it reads it from there."""
    hide("/jwks")

    def fetch_pem(fetch: Any) -> Any:
        def as_key_set(url: str, *rest: Any) -> bytes:
            pem = fetch(url.removesuffix("/jwks") + "/public-key.pem", *rest)
            return _key_set(pem)

        return as_key_set

    replace(keys, "fetch", fetch_pem)
    any_kid()


def _key_set(pem: bytes) -> bytes:
    key = load_pem_public_key(pem)
    if not isinstance(key, RSAPublicKey):
        raise ValueError("the public key is no RSA key")
    words = RSAAlgorithm.to_jwk(key, as_dict=True)
    return json.dumps({"keys": [{**words, "kid": hashlib.sha256(pem).hexdigest()}]}).encode()


@dialect("3.3")
def any_kid() -> None:
    """A token is taken whatever key it names, as long as a known key signed it."""

    def try_all(find: Any) -> Any:
        async def find_any(source: keys.PublicKeys, _: str | None) -> Any:
            return await find(source, None)

        return find_any

    replace(keys.PublicKeys, "find", try_all)


@dialect("3.9")
def keys_read_once() -> None:
    """The public keys are read at the start and never again."""

    def once(refresh: Any) -> Any:
        async def refresh_until_read(source: keys.PublicKeys) -> None:
            if not source.healthy:
                await refresh(source)

        return refresh_until_read

    replace(keys.PublicKeys, "refresh", once)


@dialect("2.10")
def no_kid() -> None:
    """Tokens do not name the key that signed them."""

    def without_headers(encode: Any) -> Any:
        def encode_without(*args: Any, headers: Any = None, **more: Any) -> Any:
            return encode(*args, headers={k: v for k, v in (headers or {}).items() if k != "kid"}, **more)

        return encode_without

    replace(jwt, "encode", without_headers)


@dialect("2.11")
def login_in_steps() -> None:
    """A login revokes the earlier tokens and notes the new one in several steps."""

    def in_steps(_: Any) -> Any:
        async def replace_one_by_one(
            of: sessions.Sessions, user: str, jti: str, record: dict[str, Any], issued: int, milliseconds: int
        ) -> bool:
            redis = of._redis
            for old in await sessions._redis(redis.smembers(f"user_tokens:{user}")):
                earlier = old.decode()
                left = await sessions._redis(redis.pttl(f"active:{earlier}"))
                revocation = sessions._revocation("user_reauth")
                # A token is good until it expires, also when its note was lost.
                lives = left if left > 0 else milliseconds
                await sessions._redis(redis.set(f"revoked:{earlier}", revocation, px=lives))
                await sessions._redis(redis.delete(f"active:{earlier}"))
                await sessions._redis(redis.srem(f"user_tokens:{user}", old))
            await sessions._redis(redis.sadd(f"user_tokens:{user}", jti))
            await sessions._redis(redis.pexpire(f"user_tokens:{user}", milliseconds))
            return await of.keep(jti, record, issued, milliseconds)

        return replace_one_by_one

    replace(sessions.Sessions, "replace", in_steps)


@dialect("2.11")
def seconds_in_redis() -> None:
    """Times of tokens in Redis are seconds since 1970."""

    def in_seconds(keep: Any) -> Any:
        async def keep_seconds(of: sessions.Sessions, *args: Any) -> bool:
            kept: bool = await keep(of, *(_in_seconds(one) if isinstance(one, dict) else one for one in args))
            return kept

        return keep_seconds

    replace(sessions.Sessions, "replace", in_seconds)
    replace(sessions.Sessions, "keep", in_seconds)
    replace(sessions, "_revocation", lambda make: lambda reason: json.dumps(_in_seconds(json.loads(make(reason)))))


def _in_seconds(record: dict[str, Any]) -> dict[str, Any]:
    def seconds(name: str, value: Any) -> Any:
        return (
            int(datetime.fromisoformat(value).timestamp()) if name.endswith("_at") and isinstance(value, str) else value
        )

    return {name: seconds(name, value) for name, value in record.items()}


_ANYBODY = """
CREATE OR REPLACE FUNCTION auth.is_administrator(p_user uuid) RETURNS boolean LANGUAGE sql AS 'SELECT true'
"""


@dialect("2.9")
def nobody_is_a_proxy() -> None:
    """Who comes through a proxy is not told apart from others who do."""
    replace(http, "serve", lambda serve: lambda listeners, settings, *_: serve(listeners, settings))


@dialect("2.3")
def uncounted_guesses() -> None:
    """Nobody counts how often a service's secret was wrong."""

    def uncounted(admit: Any) -> Any:
        async def admit_services(of: service.AuthService, kind: str, address: str) -> None:
            if kind == "login":
                await admit(of, kind, address)

        return admit_services

    replace(service.AuthService, "admit", uncounted)


@dialect("2.13", statements=[_ANYBODY])
def administrators_stay() -> None:
    """An administrator is one for as long as their token says so."""


@dialect("2.12", statements=["ALTER TABLE auth.users DROP COLUMN role", _ANYBODY], tokens=("admin",),
         target={"TARGET_CAN_MAKE_ADMIN": "false"})  # fmt: skip
def no_role_column() -> None:
    """Nothing in the database says who is an administrator; they get their tokens from elsewhere."""
    reword(service, "_LOG_IN", "photo_url, role,", "photo_url, 'player' AS role,")


@dialect("2.12")
def inactive_users_log_in() -> None:
    """Nobody looks whether a user is active."""
    reword(service, "_LOG_IN", "WHERE u.is_active\n", "")
