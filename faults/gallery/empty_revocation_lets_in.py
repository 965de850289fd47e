"""What is revoked without a word about it is let in."""

from typing import Any

from faults.patching import replace
from services.inventory.store import Lookups

RULE = "3.5 S: revoked:{jti} exists"


def patch() -> None:
    """Look at what is kept, not at whether it is there."""

    def of_content(init: Any) -> Any:
        def init_of_content(lookups: Lookups, run: Any, *args: Any) -> None:
            async def run_content(name: str, *commands: tuple[Any, ...]) -> Any:
                return await run(name, *(("STRLEN", *one[1:]) if one[0] == "EXISTS" else one for one in commands))

            init(lookups, run_content, *args)

        return init_of_content

    replace(Lookups, "__init__", of_content)
