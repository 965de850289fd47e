"""A service without Redis is called healthy."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import http

RULE = "6.1 S: /health is 503 when PostgreSQL or Redis does not answer"


def patch() -> None:
    """Look at the database alone."""

    def careless(report: Any) -> Any:
        def report_carelessly(version: str, healthy: Any, *, ready: bool) -> Any:
            return report(version, healthy, ready=healthy.get("postgres", ready))

        return report_carelessly

    replace_everywhere(http, "health_report", careless)
