"""Who would consume a reservation that is not there gets the framework's own page."""

from typing import Any

from faults.patching import replace
from services.common.calls import Answer, Endpoint
from services.common.errors import Refusal

RULE = "4.2 S: error bodies have error and message"


def patch() -> None:
    """Leave the answer to the framework."""

    def bare(original: Any) -> Any:
        async def answer(self: Any, request: Any, method: str) -> Any:
            try:
                return await original(self, request, method)
            except Refusal as refusal:
                if refusal.status == 404 and self._path.endswith("consume-reserve"):
                    return Answer(b"404 page not found", 404, {}, b"text/plain")
                raise

        return answer

    replace(Endpoint, "_answer", bare)
