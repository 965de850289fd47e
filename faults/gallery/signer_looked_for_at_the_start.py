"""An auth-service publishes keys that another instance has made, and goes on signing with the one of its start."""

from typing import Any

from faults.patching import replace
from services.auth.keys import SigningKeys

RULE = "2.5 H: a new key signs, whichever instance has rotated it in"


def patch() -> None:
    """Choose who signs at the start and when this instance makes a key."""
    signer: list[Any] = []

    def choosing(make: Any) -> Any:
        def make_and_choose(keys: SigningKeys) -> Any:
            made = make(keys)
            signer[:] = [keys._all()[-1]]
            return made

        return make_and_choose

    replace(SigningKeys, "prepare", choosing)
    replace(SigningKeys, "rotate", choosing)
    replace(SigningKeys, "current", lambda _: lambda _keys: signer[0])
