"""A new signing key withdraws the old one at once, with all that it signed."""

from typing import Any

from faults.patching import replace
from services.auth.keys import SigningKeys

RULE = "2.5 H: the old public key stays published until the tokens it signed have expired"


def patch() -> None:
    """Publish the current key alone."""
    replace(SigningKeys, "published", lambda _: _current_alone)


def _current_alone(keys: SigningKeys) -> list[Any]:
    return [keys.current()]
