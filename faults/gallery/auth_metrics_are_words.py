"""The auth service's page of metrics says that there are none."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.auth import api
from services.common.calls import Answer

RULE = "1.1 S: the auth service tells its metrics"


def patch() -> None:
    """Say so, and that all is well."""

    def words(make: Any) -> Any:
        async def page(_: Any) -> Answer:
            return Answer(b"metrics are disabled\n", media_type=b"text/plain")

        return lambda: changed(make(), answer=page)

    replace(api, "metrics_call", words)
