"""A rotation makes a key that no file keeps: when the auth-service is started again the old one signs."""

from typing import Any

from faults.patching import replace
from services.auth.keys import SigningKeys

RULE = "2.5 H: a rotation makes a new signing key"


def patch() -> None:
    """Delete the file once it was read."""
    kept: list[Any] = []

    def unkept(rotate: Any) -> Any:
        def rotate_in_memory(keys: SigningKeys) -> Any:
            made = rotate(keys)
            if len(keys._all()) > 1:
                kept.append(made)
                (keys._directory / f"{made.made_at}-{made.kid}.pem").unlink()
            return made

        return rotate_in_memory

    def remembering(read: Any) -> Any:
        return lambda keys: [*read(keys), *(key for key in kept if key not in read(keys))]

    replace(SigningKeys, "_all", remembering)
    replace(SigningKeys, "rotate", unkept)
