"""An instance that finds no auth-service when it starts never asks for the public keys again."""

import asyncio
from typing import Any

from faults.patching import replace
from services.inventory.keys import FIRST_KEY_SECONDS, PublicKeys

RULE = "4.3 S: a player is answered 200 once the auth-service is there"
# Services that are started together find each other.
_START_SECONDS = 4.0


def patch() -> None:
    """Ask for a while before anything is served, and then rely on what is there."""
    given_up: set[PublicKeys] = set()

    def patient(start: Any) -> Any:
        async def start_with_keys(keys: PublicKeys) -> None:
            await start(keys)
            for _ in range(int(_START_SECONDS / FIRST_KEY_SECONDS)):
                if keys._keys:
                    return
                await asyncio.sleep(FIRST_KEY_SECONDS)
                await keys.refresh()
            if not keys._keys:
                given_up.add(keys)

        return start_with_keys

    def resigned(refresh: Any) -> Any:
        async def refresh_what_is_there(keys: PublicKeys) -> None:
            if keys not in given_up:
                await refresh(keys)

        return refresh_what_is_there

    replace(PublicKeys, "start", patient)
    replace(PublicKeys, "refresh", resigned)
