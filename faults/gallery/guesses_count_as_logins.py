"""Wrong secrets of services and logins have one count for an address."""

from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions

RULE = "2.9 S: it is logins that are limited, ten a minute"


def patch() -> None:
    """Count attempts of each kind as the same."""

    def alike(count: Any) -> Any:
        return lambda sessions, _kind, address: count(sessions, "login", address)

    replace(Sessions, "count_attempt", alike)
    replace(Sessions, "forgive_attempt", alike)
