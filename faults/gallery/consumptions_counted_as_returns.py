"""Requests to consume a reservation are counted under the route that returns one."""

from typing import Any

from faults.patching import replace
from services.common.calls import Endpoint

RULE = "6.2 S: inventory_http_requests_total tells the route's own pattern"


def patch() -> None:
    """Copy the label."""

    def labelled(original: Any) -> Any:
        def of(self: Any, path: str, *rest: Any) -> None:
            original(self, path.replace("consume-reserve", "return-reserve"), *rest)

        return of

    replace(Endpoint, "__init__", labelled)
