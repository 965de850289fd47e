"""The gauge of what is under way is always 0."""

from typing import Any

from faults.patching import replace
from services.common.http import Observed

RULE = "6.2 S: inventory_http_requests_in_flight"


def patch() -> None:
    """Leave each request out while it is under way."""

    def uncounted(answer: Any) -> Any:
        async def answer_uncounted(observed: Observed, scope: Any, receive: Any, send: Any) -> None:
            observed.in_flight -= 1
            try:
                await answer(observed, scope, receive, send)
            finally:
                observed.in_flight += 1

        return answer_uncounted

    replace(Observed, "__call__", uncounted)
