"""A signing key that was replaced is published for a token's lifetime from when it was made, not from when it ended."""

import time
from typing import Any

from faults.patching import replace
from services.auth.keys import SigningKeys

RULE = "2.5 H: the old public key stays published until the tokens it signed have expired"


def patch() -> None:
    """Ask for the key's own age."""
    replace(SigningKeys, "published", lambda _: _young_ones)


def _young_ones(keys: SigningKeys) -> list[Any]:
    known = keys._all()
    return [key for key in known[:-1] if key.made_at + keys._lifetime > time.time()] + known[-1:]
