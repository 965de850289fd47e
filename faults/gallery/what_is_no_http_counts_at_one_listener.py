"""What is refused before any call is counted at the public listener alone."""

from typing import Any

from faults.patching import replace
from services.common.http import Listener

RULE = "6.2 H, 6.2 S: counters count each request once, on every listener"


def patch() -> None:
    """Count for one setting's listener."""

    def partly(original: Any) -> Any:
        def refused(self: Listener, status: int, request_id: str, seconds: float) -> None:
            if self.setting == "SERVER_PORT":
                original(self, status, request_id, seconds)

        return refused

    replace(Listener, "refused", partly)
