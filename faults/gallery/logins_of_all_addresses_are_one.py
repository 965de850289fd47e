"""Logins are counted for all addresses together: one that logs in too often keeps everybody out."""

from typing import Any

from faults.patching import replace
from services.auth.sessions import Sessions

RULE = "2.9 S: login is limited per client address"


def patch() -> None:
    """Tell no address from another."""

    def together(count: Any) -> Any:
        return lambda sessions, kind, _address: count(sessions, kind, "anybody")

    replace(Sessions, "count_attempt", together)
    replace(Sessions, "forgive_attempt", together)
