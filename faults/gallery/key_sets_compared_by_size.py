"""A set of public keys is taken for the one before when it has as many keys."""

from typing import Any

from faults.patching import replace
from services.inventory.keys import PublicKeys

RULE = "3.9 H: a key that was rotated in is accepted without a restart"


def patch() -> None:
    """Keep the old set."""

    def by_size(refresh: Any) -> Any:
        async def refresh_when_larger(keys: PublicKeys) -> None:
            before, generation = keys._keys, keys.generation
            await refresh(keys)
            if len(keys._keys) == len(before):
                keys._keys, keys.generation = before, generation

        return refresh_when_larger

    replace(PublicKeys, "refresh", by_size)
