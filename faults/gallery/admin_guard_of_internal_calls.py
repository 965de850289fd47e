"""Whether the network guards the administrators' calls is read from the setting of the internal ones."""

from typing import Any

from faults.patching import replace
from services.inventory.api import Gate

RULE = "1.1 S: administrators' calls carry their token, unless the network guards them"
SHAPE = "split"


def patch() -> None:
    """Take the one for the other."""

    def confused(init: Any) -> Any:
        return lambda gate, *more, internal_open, **_: init(
            gate, *more, internal_open=internal_open, admin_open=internal_open
        )

    replace(Gate, "__init__", confused)
