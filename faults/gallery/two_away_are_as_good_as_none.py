"""Health compares PostgreSQL with Redis: where both are away neither is worse than the other."""

from typing import Any

from faults.patching import replace
from services.auth import api
from services.inventory import health

RULE = "6.1 S, 2.8 S: 200 when PostgreSQL and Redis answer, else 503"


def patch() -> None:
    """Call alike what is well."""

    def comparing(report: Any) -> Any:
        def report_alike(version: str, healthy: dict[str, bool], *, ready: bool) -> Any:
            return report(version, healthy, ready=ready or healthy["postgres"] == healthy["redis"])

        return report_alike

    replace(api, "health_report", comparing)
    replace(health, "health_report", comparing)
