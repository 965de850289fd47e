"""A refusal tells its code alone."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal

RULE = "4.2 S: error bodies have a code and a message"


def patch() -> None:
    """Leave the message out of every refusal."""

    def silent(make: Any) -> Any:
        def make_silent(self: Refusal, *arguments: Any, **more: Any) -> None:
            make(self, *arguments, **more)
            del self.body["message"]

        return make_silent

    replace(Refusal, "__init__", silent)
