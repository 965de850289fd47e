"""Signing keys: PEM files in one directory, the newest signs, the older stay published (contract, section 2).

A file is named ``<seconds since 1970>-<kid>.pem``. Several instances may share the directory: each looks again when
the directory has changed.
"""

import os
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt import PyJWK
from jwt.algorithms import RSAAlgorithm

KEY_BITS = 2048


class KeyDirectoryError(Exception):
    """The directory of signing keys cannot be used; the message says why."""


@dataclass(frozen=True)
class SigningKey:
    """One key pair, its id and when it was made (seconds since 1970)."""

    kid: str
    made_at: int
    private: rsa.RSAPrivateKey

    def public_jwk(self) -> dict[str, Any]:
        """Return the public half as a JSON Web Key."""
        numbers = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": numbers["n"], "e": numbers["e"]}

    def public_pem(self) -> str:
        """Return the public half as PEM text."""
        return (
            self.private.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )


class SigningKeys:
    """The keys of a directory. An older key is published until everything it signed has expired."""

    def __init__(self, directory: Path, token_lifetime: float) -> None:
        self._directory = directory
        self._lifetime = token_lifetime
        self._seen: int = -1
        self._keys: list[SigningKey] = []
        self.generation = 0

    def current(self) -> SigningKey:
        """Return the key that signs now."""
        return self._all()[-1]

    def published(self) -> list[SigningKey]:
        """Return the current key and every older one that may still have signed a valid token."""
        keys = self._all()
        now = time.time()
        return [key for key, successor in pairwise(keys) if successor.made_at + self._lifetime > now] + keys[-1:]

    async def find(self, kid: str | None) -> Sequence[PyJWK]:
        """Return the public keys to try for a token that names this ``kid``."""
        return [PyJWK(key.public_jwk()) for key in self.published() if kid in (None, key.kid)]

    def rotate(self) -> SigningKey:
        """Make a new key, which signs from now on. Raises KeyDirectoryError."""
        private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
        # Never as old as the newest one, also within one second or after the clock was set back: the newest signs.
        newest = max((int(path.stem.partition("-")[0]) for path in self._directory.glob("[0-9]*-*.pem")), default=0)
        key = SigningKey(str(uuid.uuid4()), max(int(time.time()), newest + 1), private)
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        final = self._directory / f"{key.made_at}-{key.kid}.pem"
        draft = final.with_suffix(".new")
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
            # Another instance that lists the directory sees a whole key or none.
            draft.rename(final)
        except OSError as error:
            raise KeyDirectoryError(f"cannot write a signing key into {self._directory}: {error.strerror}") from error
        return key

    def prepare(self) -> None:
        """Make the first key when there is none. Raises KeyDirectoryError."""
        if not self._directory.is_dir() or not list(self._directory.glob("*.pem")):
            self.rotate()
        self._all()

    def _all(self) -> list[SigningKey]:
        try:
            changed = self._directory.stat().st_mtime_ns
            if changed != self._seen:
                self._keys = sorted((_read(path) for path in self._directory.glob("*.pem")), key=_age)
                self._seen = changed
                self.generation += 1
        except (OSError, ValueError, TypeError) as error:
            raise KeyDirectoryError(f"cannot read the signing keys in {self._directory}: {error}") from error
        return self._keys


def _age(key: SigningKey) -> tuple[int, str]:
    return key.made_at, key.kid


def _read(path: Path) -> SigningKey:
    made_at, _, kid = path.stem.partition("-")
    private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey) or not kid:
        raise ValueError(f"{path.name} is no RSA key named <seconds>-<kid>.pem")
    return SigningKey(kid, int(made_at), private)
