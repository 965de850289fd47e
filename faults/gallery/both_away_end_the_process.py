"""A service that misses PostgreSQL and Redis at one time hears of the second failure nowhere, and ends of it."""

import os
from typing import Any

from faults.patching import replace
from services.auth import api
from services.inventory import health

RULE = "6.1 S, 2.8 S: 503 while PostgreSQL or Redis is away, and alive"


def patch() -> None:
    """End with the first answer that would tell of both."""

    def unhandled(report: Any) -> Any:
        def report_or_end(version: str, healthy: dict[str, bool], **more: bool) -> Any:
            if not healthy["postgres"] and not healthy["redis"]:
                os._exit(1)
            return report(version, healthy, **more)

        return report_or_end

    replace(api, "health_report", unhandled)
    replace(health, "health_report", unhandled)
