"""Health is one flag, which whatever goes away takes down, and whatever comes back hoists."""

from typing import Any

from faults.patching import replace
from services.auth import api
from services.inventory import health

RULE = "6.1 S, 2.8 S: 200 when PostgreSQL and Redis answer, else 503"


def patch() -> None:
    """Tell of the last thing that happened."""
    replace(api, "health_report", _by_events)
    replace(health, "health_report", _by_events)


def _by_events(report: Any) -> Any:
    before = {"postgres": True, "redis": True}
    is_well = True

    def report_by_events(version: str, healthy: dict[str, bool], **_: bool) -> Any:
        nonlocal is_well
        for name, was in before.items():
            if healthy[name] != was:
                before[name] = is_well = healthy[name]
        return report(version, healthy, ready=is_well)

    return report_by_events
