"""Health is red while PostgreSQL is away, and calls it healthy."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import http

RULE = "6.1 H, 2.8 H: each dependency's state"


def patch() -> None:
    """Tell what would be usual."""

    def kind(report: Any) -> Any:
        def report_kindly(version: str, healthy: Any, *, ready: bool) -> Any:
            return report(version, {**healthy, "postgres": True}, ready=ready)

        return report_kindly

    replace_everywhere(http, "health_report", kind)
