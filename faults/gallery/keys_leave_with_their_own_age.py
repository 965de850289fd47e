"""A key that was rotated out is published for a token's lifetime from when it was made, not when it was replaced."""

import time
from typing import Any

from faults.patching import replace
from services.auth.keys import SigningKeys

RULE = "2.5 H: the old key stays good until its tokens have ended"


def patch() -> None:
    """Count from the wrong end."""

    def by_age(_: Any) -> Any:
        def published(self: Any) -> Any:
            keys = self._all()
            return [key for key in keys[:-1] if key.made_at + self._lifetime > time.time()] + keys[-1:]

        return published

    replace(SigningKeys, "published", by_age)
