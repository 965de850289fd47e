"""A signing key that was replaced stays good for ever."""

from typing import Any

from faults.patching import replace
from services.auth.keys import SigningKeys

RULE = "2.5 H: the old public key stays published until the tokens it signed have expired"


def patch() -> None:
    """Publish every key there ever was."""
    replace(SigningKeys, "published", lambda _: _all_of_them)


def _all_of_them(keys: SigningKeys) -> list[Any]:
    return list(keys._all())
