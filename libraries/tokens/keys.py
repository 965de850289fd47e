"""Published keys, signing, and checking signatures. Loaded only where it is used: cryptography takes its time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from jwt.algorithms import RSAAlgorithm, get_default_algorithms

from libraries.tokens.token import ISSUER, Token

_ALGORITHMS = get_default_algorithms()
# Seconds by which the clock of a target may differ from ours.
_OTHER_CLOCKS = 60


class KeySet:
    """The public keys that the auth service publishes, by their ``kid`` (None for a key that has none)."""

    def __init__(self, keys: Mapping[str | None, RSAPublicKey]) -> None:
        self._keys = dict(keys)

    def __str__(self) -> str:
        return f"{len(self._keys)} public keys"

    def find(self, kid: str | None) -> RSAPublicKey:
        """Return the key of a ``kid``; the first when it is None or the set has no ids.

        Raises AssertionError when there is none.
        """
        if kid in self._keys:
            return self._keys[kid]
        if self._keys and (kid is None or None in self._keys):
            return next(iter(self._keys.values()))
        raise AssertionError(f"the auth service publishes no key {kid!r}")

    def kid_of(self, key: RSAPublicKey) -> str | None:
        """Return the ``kid`` of a key. Raises AssertionError when the key is not published."""
        for kid, known in self._keys.items():
            if known.public_numbers() == key.public_numbers():
                return kid
        raise AssertionError(
            "the key in TARGET_SIGNING_KEY_FILE is none of those that the target publishes: "
            "give the target's own signing key"
        )


def read_key_set(text: str) -> KeySet:
    """Return the keys of a JSON Web Key Set or of a PEM. Raises AssertionError when it is neither."""
    try:
        keys: dict[Any, Any]
        if text.lstrip().startswith("{"):
            told = [entry for entry in json.loads(text)["keys"] if entry.get("kty") == "RSA"]
            keys = {entry.get("kid"): RSAAlgorithm.from_jwk(entry) for entry in told}
        else:
            keys = {None: serialization.load_pem_public_key(text.encode())}
    except (ValueError, KeyError, TypeError, jwt.InvalidKeyError) as error:
        raise AssertionError(f"the published key cannot be read: {type(error).__name__}: {error}") from None
    return KeySet({kid: key for kid, key in keys.items() if isinstance(key, RSAPublicKey)})


@cache
def read_private_key(path: str) -> RSAPrivateKey:
    """Read a PEM key. Raises AssertionError naming the file when it holds no RSA key."""
    try:
        key = serialization.load_pem_private_key(Path(path).read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise AssertionError(f"TARGET_SIGNING_KEY_FILE {path} cannot be read: {type(error).__name__}") from None
    if not isinstance(key, RSAPrivateKey):
        raise AssertionError(f"TARGET_SIGNING_KEY_FILE {path} holds no RSA key")
    return key


@cache
def strangers_key() -> RSAPrivateKey:
    """Return a key that nobody published; one for all forgeries of a run: to make one takes a quarter of a second."""
    return generate_private_key(65537, 2048)


def strangers_jwk() -> str:
    """Return the public half of that key as a JSON Web Key."""
    return str(RSAAlgorithm.to_jwk(strangers_key().public_key()))


def spelled(key: RSAPublicKey, how: str) -> bytes:
    """Return a public key as it may be kept: ``as DER``, ``as PKCS1``, ``without its last newline``, else as PEM."""
    encoding = serialization.Encoding.DER if how.endswith("DER") else serialization.Encoding.PEM
    form = serialization.PublicFormat
    told = key.public_bytes(encoding, form.PKCS1 if how.endswith("PKCS1") else form.SubjectPublicKeyInfo)
    return told.rstrip(b"\n") if how.endswith("newline") else told


def sign(signing_input: str, key: RSAPrivateKey, algorithm: str) -> bytes:
    """Return the signature of a token's first two parts. PyJWT checks claims, which forged tokens must escape."""
    named = _ALGORITHMS.get(algorithm)
    signer = named if isinstance(named, RSAAlgorithm) else _ALGORITHMS["RS256"]
    return bytes(signer.sign(signing_input.encode(), key))


def verified_claims(token: Token, keys: KeySet) -> dict[str, Any]:
    """Return the claims of a token whose signature, issuer and times are right by the published keys (2.10).

    Raises AssertionError when they are not.
    """
    kid = token.header.get("kid")
    try:
        # Whom a token is for no rule says.
        return jwt.decode(
            token.value, keys.find(kid), algorithms=["RS256"], issuer=ISSUER, options={"verify_aud": False},
            leeway=_OTHER_CLOCKS,
        )  # fmt: skip
    except jwt.InvalidTokenError as error:
        raise AssertionError(f"the token does not stand up to the published key: {error} (2.10)") from None
