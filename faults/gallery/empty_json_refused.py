"""Whatever is called JSON is read as JSON, and no body at all is none."""

from typing import Any

from faults.patching import replace
from services.common.calls import Endpoint, Request
from services.common.errors import invalid

RULE = "4.3 S: GET /inventory, a player"


def patch() -> None:
    """Refuse a call without a body that names a type for it."""

    def careless(answer: Any) -> Any:
        async def parse_and_answer(endpoint: Endpoint, request: Request, method: str) -> Any:
            if (request.header(b"content-type") or "").startswith("application/json") and not (
                request.header(b"content-length") or request.header(b"transfer-encoding")
            ):
                raise invalid("body", "it is no JSON")
            return await answer(endpoint, request, method)

        return parse_and_answer

    replace(Endpoint, "_answer", careless)
