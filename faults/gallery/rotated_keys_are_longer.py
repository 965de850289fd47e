"""Keys that are rotated in have 3072 bits, the first one 2048."""

from typing import Any

from faults.patching import replace
from services.auth import keys
from services.auth.service import AuthService

RULE = "2.10 S: tokens are signed with a key of 2048 bits"


def patch() -> None:
    """Make longer keys once there is one."""

    def longer(rotate: Any) -> Any:
        async def rotate_keys(self: Any) -> Any:
            keys.KEY_BITS = 3072
            return await rotate(self)

        return rotate_keys

    replace(AuthService, "rotate_keys", longer)
