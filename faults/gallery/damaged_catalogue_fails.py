"""A catalogue in Redis that cannot be read is a failure, as long as it is there."""

from typing import Any

from faults.patching import replace
from services.inventory import store

RULE = "5.3 H: damaged cached data costs speed, never correctness"


def patch() -> None:
    """Look at no seal of it, and do not mind what is behind."""

    def careless(decode: Any) -> Any:
        def decode_carelessly(unpack: Any, key: str, sealed: bytes | None) -> Any:
            if key == store.CATALOGUE_KEY and sealed is not None:
                return unpack(sealed[store._SEAL :])
            return decode(unpack, key, sealed)

        return decode_carelessly

    replace(store, "_decode", careless)
