"""An instance is ready only while every dependency that it tells of is healthy, the auth service too."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import http

RULE = "6.1 S: 200 when PostgreSQL and Redis answer"


def patch() -> None:
    """Ask for all."""

    def strict(report: Any) -> Any:
        def judged(version: str, states: dict[str, bool], *, ready: bool) -> Any:
            return report(version, states, ready=ready and all(states.values()))

        return judged

    replace_everywhere(http, "health_report", strict)
