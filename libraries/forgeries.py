"""Tokens that must not work, by the words that tell what is wrong with them (contract, section 3)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from libraries.signing import Signer
from libraries.target import given
from libraries.tokens import HOUR, Token, changed, encoded


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
    return Token(f"{header}.{encoded(changed(material.good.claims, {'sub': str(uuid4())}))}.{signature}")


def _promoted(material: Material) -> Token:
    header, _, signature = material.good.value.split(".")
    return Token(f"{header}.{encoded(changed(material.good.claims, {'roles': ['admin', 'internal']}))}.{signature}")


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
    return Token(f"{encoded({**material.good.header, 'alg': 'none'})}.{material.good.value.split('.')[1]}.")


def _hmac_with_public_key(material: Material) -> Token:
    pem = given(material.public_key).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signing_input = f"{encoded({**material.good.header, 'alg': 'HS256'})}.{material.good.value.split('.')[1]}"
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
