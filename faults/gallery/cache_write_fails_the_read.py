"""A balance that Redis does not take into its cache is not told either."""

from typing import Any

from faults.patching import replace
from services.inventory.store import CACHE, Store

RULE = "5.3 S: losing cached data costs speed, never correctness"


def patch() -> None:
    """Let what Redis says of a write reach the caller."""

    def strict(_: Any) -> Any:
        async def _write(store: Store, name: str, key: str, seconds: int, value: bytes) -> None:
            await store._run(name, ("SELECT", CACHE), ("SET", key, value, "EX", seconds))

        return _write

    replace(Store, "_write", strict)
