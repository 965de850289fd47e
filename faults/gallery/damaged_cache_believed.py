"""A damaged entry of the cache is believed, as long as it can be read at all."""

from typing import Any

import msgspec

from faults.patching import replace
from services.inventory import store

RULE = "5.3 H: losing cached data costs speed, never correctness; damaged cached data too"


def patch() -> None:
    """Look at no seal."""

    def trusting(_: Any) -> Any:
        def decode(unpack: Any, _: str, sealed: bytes | None) -> Any:
            try:
                return sealed and unpack(sealed[store._SEAL :])
            except msgspec.DecodeError:
                return None

        return decode

    replace(store, "_decode", trusting)
