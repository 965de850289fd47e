"""An auth-service looks for signing keys when it starts and when it has made one, and never else."""

from typing import Any

from faults.patching import replace
from services.auth.keys import SigningKeys

RULE = "2.6 S: the current public key is published, whichever instance has rotated it in"


def patch() -> None:
    """Keep what was read."""

    def once(read: Any) -> Any:
        def read_once(keys: Any) -> Any:
            return keys._keys if keys._seen > 0 else read(keys)

        return read_once

    def looking_again(rotate: Any) -> Any:
        def rotate_and_look(keys: Any) -> Any:
            made = rotate(keys)
            keys._seen = -1
            return made

        return rotate_and_look

    replace(SigningKeys, "_all", once)
    replace(SigningKeys, "rotate", looking_again)
