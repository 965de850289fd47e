"""A health answer is dated when the service started."""

from datetime import UTC, datetime
from typing import Any

from faults.patching import replace_everywhere
from services.common import http

RULE = "2.8 S: GET /health answers with status and timestamp"


def patch() -> None:
    """Keep the time of now."""
    start = datetime.now(UTC).isoformat(timespec="milliseconds")

    def dated(report: Any) -> Any:
        def report_of_the_start(*args: Any, **kwargs: Any) -> Any:
            status, body = report(*args, **kwargs)
            return status, body | {"timestamp": start}

        return report_of_the_start

    replace_everywhere(http, "health_report", dated)
