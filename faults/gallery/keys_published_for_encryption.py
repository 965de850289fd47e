"""The public keys are said to be for encrypting."""

from typing import Any

from faults.patching import replace
from services.auth.keys import SigningKey

RULE = "2.7 H: a standard key set: use sig, alg RS256"


def patch() -> None:
    """Say so."""

    def for_encryption(public: Any) -> Any:
        return lambda key: {**public(key), "use": "enc"}

    replace(SigningKey, "public_jwk", for_encryption)
