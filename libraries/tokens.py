"""Tokens and Telegram init data, good and forged (contract, sections 2 and 3)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from libraries.target import given

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


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class Signer:
    """Signs tokens with a private key, as the auth service does."""

    def __init__(self, key: RSAPrivateKey, kid: str | None) -> None:
        self._key = key
        self.kid = kid

    @classmethod
    def from_file(cls, path: str, published: Mapping[str, Any]) -> Signer:
        """Read a PEM key; its ``kid`` is that of the same key in the published key set (None when it is not there).

        Raises ValueError naming the file when it holds no RSA key.
        """
        try:
            key = serialization.load_pem_private_key(Path(path).read_bytes(), password=None)
        except (OSError, ValueError) as error:
            raise ValueError(f"TARGET_SIGNING_KEY_FILE {path} cannot be read: {type(error).__name__}") from None
        if not isinstance(key, RSAPrivateKey):
            raise ValueError(f"TARGET_SIGNING_KEY_FILE {path} holds no RSA key")
        modulus = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)["n"]
        kids = [entry.get("kid") for entry in published.get("keys", []) if entry.get("n") == modulus]
        return cls(key, kids[0] if kids else None)

    @classmethod
    def stranger(cls, kid: str | None = None) -> Signer:
        """A new key that nobody published, under a ``kid`` of the caller's choice or a new one."""
        return cls(generate_private_key(65537, 2048), kid or str(uuid4()))

    def sign(self, claims: Mapping[str, Any], kid: str | None = None) -> Token:
        """Return a token with exactly these claims; ``kid`` replaces the key's own."""
        name = kid or self.kid
        # PyJWT insists on text in some registered claims; forged tokens must not be held to that.
        header = {"alg": "RS256", "typ": "JWT", **({"kid": name} if name else {})}
        signing_input = f"{_encoded(header)}.{_encoded(dict(claims))}"
        algorithm = RSAAlgorithm(RSAAlgorithm.SHA256)
        signature = algorithm.sign(signing_input.encode(), self._key)
        return Token(f"{signing_input}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")


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


@dataclass(frozen=True)
class Material:
    """What a forger has: somebody's good token, the public key, and maybe the signing key."""

    good: Token
    public_key: RSAPublicKey | None = None
    signer: Signer | None = None


def _resigned(changes: Callable[[float], dict[str, Any]]) -> Callable[[Material], Token]:
    def forge(material: Material) -> Token:
        return given(material.signer).sign(changed(material.good.claims, changes(time.time())))

    return forge


def _other_payload(material: Material) -> Token:
    header, _, signature = material.good.value.split(".")
    return Token(f"{header}.{_encoded(changed(material.good.claims, {'sub': str(uuid4())}))}.{signature}")


def _promoted(material: Material) -> Token:
    header, _, signature = material.good.value.split(".")
    return Token(f"{header}.{_encoded(changed(material.good.claims, {'roles': ['admin', 'internal']}))}.{signature}")


def _cut(material: Material) -> Token:
    return Token(material.good.value[:-20])


def _no_signature(material: Material) -> Token:
    return Token(material.good.value.rpartition(".")[0] + ".")


def _flipped(material: Material) -> Token:
    # The last character holds padding bits that may not matter; the tenth from the end matters.
    value = material.good.value
    other = "A" if value[-10] != "A" else "B"
    return Token(value[:-10] + other + value[-9:])


def _alg_none(material: Material) -> Token:
    return Token(f"{_encoded({**material.good.header, 'alg': 'none'})}.{material.good.value.split('.')[1]}.")


def _hmac_with_public_key(material: Material) -> Token:
    pem = given(material.public_key).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signing_input = f"{_encoded({**material.good.header, 'alg': 'HS256'})}.{material.good.value.split('.')[1]}"
    signature = hmac.new(pem, signing_input.encode(), hashlib.sha256).digest()
    return Token(f"{signing_input}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")


def _other_key_same_kid(material: Material) -> Token:
    return Signer.stranger(material.good.header.get("kid")).sign(material.good.claims)


def _unknown_kid(material: Material) -> Token:
    return Signer.stranger().sign(material.good.claims)


def _known_key_unknown_kid(material: Material) -> Token:
    return given(material.signer).sign(material.good.claims, kid=str(uuid4()))


FORGERIES: dict[str, Callable[[Material], Token]] = {
    "payload of another player": _other_payload,
    "roles added to the payload": _promoted,
    "signature cut short": _cut,
    "signature left out": _no_signature,
    "one character of the signature changed": _flipped,
    "algorithm none": _alg_none,
    "HS256 keyed with the public key": _hmac_with_public_key,
    "another key under the known kid": _other_key_same_kid,
    "unknown kid": _unknown_kid,
    "known key under an unknown kid": _known_key_unknown_kid,
    "no JWT at all": lambda _: Token("not-a-jwt"),
    "two parts only": lambda material: Token(material.good.value.rpartition(".")[0]),
    "expired a minute ago": _resigned(lambda now: {"iat": int(now) - HOUR, "exp": int(now) - 60}),
    "expired a year ago": _resigned(lambda now: {"iat": int(now) - 366 * 24 * HOUR, "exp": int(now) - 365 * 24 * HOUR}),
    "never expires": _resigned(lambda _: {"exp": None}),
    "issued by somebody else": _resigned(lambda _: {"iss": "shard-legends-imposter"}),
    "issued by nobody": _resigned(lambda _: {"iss": None}),
    "valid from tomorrow": _resigned(lambda now: {"nbf": int(now) + 24 * HOUR}),
    "without jti": _resigned(lambda _: {"jti": None}),
    "without sub": _resigned(lambda _: {"sub": None}),
    "sub that is no UUID": _resigned(lambda _: {"sub": "admin"}),
    "without telegram_id": _resigned(lambda _: {"telegram_id": None}),
}
NEED_SIGNING_KEY = frozenset({
    "expired a minute ago", "expired a year ago", "never expires", "issued by somebody else", "issued by nobody",
    "valid from tomorrow", "without jti", "without sub", "sub that is no UUID", "without telegram_id",
    "known key under an unknown kid",
})  # fmt: skip
NEED_PUBLIC_KEY = frozenset({"HS256 keyed with the public key"})


def public_key_of(published: Mapping[str, Any], kid: str | None) -> RSAPublicKey:
    """Return a published key by its ``kid``, or the first. Raises AssertionError when there is none."""
    for entry in published.get("keys", []):
        if kid in (None, entry.get("kid")):
            return cast(RSAPublicKey, RSAAlgorithm.from_jwk(entry))
    raise AssertionError("the auth service's /jwks publishes no key that fits")


def verified_claims(token: Token, published: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of a token whose signature, issuer and times are right by the published keys.

    Raises AssertionError when they are not.
    """
    try:
        key = public_key_of(published, token.header.get("kid"))
        return jwt.decode(token.value, key, algorithms=["RS256"], issuer=ISSUER)
    except jwt.InvalidTokenError as error:
        raise AssertionError(f"the token does not stand up to the published key: {error}") from None


def init_data(bot_token: str, fields: Mapping[str, str]) -> str:
    """Return signed Telegram init data with these fields (contract, section 2)."""
    return urlencode({**fields, "hash": init_data_hash(bot_token, fields)})


def init_data_hash(bot_token: str, fields: Mapping[str, str]) -> str:
    """Return the hash that Telegram would put on these fields."""
    check = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
    return hmac.new(key, check.encode(), hashlib.sha256).hexdigest()


def modulus_of_pem(pem: bytes) -> str:
    """Return the modulus of a PEM public key as a key set writes it. Raises AssertionError when it is no RSA key."""
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError as error:
        raise AssertionError(f"this is no PEM public key: {error}") from None
    if not isinstance(key, RSAPublicKey):
        raise AssertionError("this PEM key is no RSA key")
    return str(RSAAlgorithm.to_jwk(key, as_dict=True)["n"])
