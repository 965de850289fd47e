"""A token that names no key is tried with the newest key alone."""

from typing import Any

from faults.patching import replace
from services.inventory.keys import PublicKeys

RULE = "2.5 H: a key that was rotated out is good for the tokens that it signed"


def patch() -> None:
    """Take the last of the keys where no kid says which."""

    def newest(find: Any) -> Any:
        async def find_newest(keys: PublicKeys, kid: str | None) -> Any:
            found = await find(keys, kid)
            return found[-1:] if kid is None else found

        return find_newest

    replace(PublicKeys, "find", newest)
