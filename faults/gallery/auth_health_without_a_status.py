"""Auth-service's health has a status that says nothing."""

from typing import Any

from faults.patching import replace
from services.auth import api

RULE = "2.8 S: GET /health answers with status and timestamp"


def patch() -> None:
    """Leave it empty."""

    def silent(report: Any) -> Any:
        def report_nothing(*args: Any, **kwargs: Any) -> Any:
            status, body = report(*args, **kwargs)
            return status, body | {"status": None}

        return report_nothing

    replace(api, "health_report", silent)
