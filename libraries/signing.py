"""Signing tokens and checking signatures. Imported only where it is used: cryptography takes its time to load."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from libraries.tokens import ISSUER, Token, encoded


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
        """A key that nobody published, under a ``kid`` of the caller's choice or a new one."""
        return cls(_strangers_key(), kid or str(uuid4()))

    def sign(self, claims: Mapping[str, Any], kid: str | None = None) -> Token:
        """Return a token with exactly these claims; ``kid`` replaces the key's own."""
        name = kid or self.kid
        # PyJWT insists on text in some registered claims; forged tokens must not be held to that.
        header = {"alg": "RS256", "typ": "JWT", **({"kid": name} if name else {})}
        signing_input = f"{encoded(header)}.{encoded(dict(claims))}"
        algorithm = RSAAlgorithm(RSAAlgorithm.SHA256)
        signature = algorithm.sign(signing_input.encode(), self._key)
        return Token(f"{signing_input}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")


@cache
def _strangers_key() -> RSAPrivateKey:
    # One for all forgeries of a run: to make one takes a quarter of a second.
    return generate_private_key(65537, 2048)


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


def modulus_of_pem(pem: bytes) -> str:
    """Return the modulus of a PEM public key as a key set writes it. Raises AssertionError when it is no RSA key."""
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError as error:
        raise AssertionError(f"this is no PEM public key: {error}") from None
    if not isinstance(key, RSAPublicKey):
        raise AssertionError("this PEM key is no RSA key")
    return str(RSAAlgorithm.to_jwk(key, as_dict=True)["n"])
