"""The path of a known call is logged as it is, whatever a caller puts in the place of an id."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import logs

RULE = "6.4 H: never a token"


def patch() -> None:
    """Take reservations' paths for harmless."""

    def trusting(harmless: Any) -> Any:
        def path_of(path: str) -> str:
            return path if path.startswith("/inventory/reservation/") else str(harmless(path))

        return path_of

    replace_everywhere(logs, "harmless", trusting)
