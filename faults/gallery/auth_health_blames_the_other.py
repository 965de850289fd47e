"""Auth-service's health calls PostgreSQL unhealthy while Redis is away, and the other way round."""

from typing import Any

from faults.patching import replace
from services.auth import api

RULE = "2.8 H: auth's health tells each dependency's state"


def patch() -> None:
    """Swap their names."""

    def swapped(report: Any) -> Any:
        def blame(version: str, found: dict[str, bool], **more: Any) -> Any:
            return report(version, dict(zip(found, reversed(found.values()), strict=True)), **more)

        return blame

    replace(api, "health_report", swapped)
