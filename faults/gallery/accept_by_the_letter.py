"""A call is refused whose Accept header is anything else than application/json or */* to the letter."""

from typing import Any

from faults.patching import replace
from services.common.calls import Endpoint, Request
from services.common.errors import Refusal

RULE = "4.3 S: a good call is answered 200, whatever else its caller would take"


def patch() -> None:
    """Compare the header as a whole, probes and keys aside."""

    def strict(answer: Any) -> Any:
        async def answer_in_json(endpoint: Endpoint, request: Request, method: str) -> Any:
            call = endpoint._calls.get(method)
            accepted = request.header(b"accept") or "*/*"
            if call is not None and call.guard is not None and accepted not in ("*/*", "application/json"):
                raise Refusal(406, "not_acceptable", "this service speaks application/json")
            return await answer(endpoint, request, method)

        return answer_in_json

    replace(Endpoint, "_answer", strict)
