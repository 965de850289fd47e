"""An id in a body may have blanks around it."""

from typing import Any

from faults.patching import replace
from services.common import calls

RULE = "4.1 S: what is no UUID is a 400"


def patch() -> None:
    """Take them off."""

    def stripped(read: Any) -> Any:
        return lambda kind, value: read(kind, value.strip(" ") if isinstance(value, str) else value)

    replace(calls, "_own_type", stripped)
