"""Who may not make a call is told the code alone."""

from typing import Any

from faults.patching import replace
from services.common.errors import Refusal

RULE = "3.7 H: each refusal has an error and a message"


def patch() -> None:
    """Leave the message out of each 403."""

    def silent(make: Any) -> Any:
        def make_silent(self: Refusal, *arguments: Any, **more: Any) -> None:
            make(self, *arguments, **more)
            if self.status == 403:
                del self.body["message"]

        return make_silent

    replace(Refusal, "__init__", silent)
