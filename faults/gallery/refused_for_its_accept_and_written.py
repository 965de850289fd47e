"""An addition is written before anybody looks at its Accept header, which then refuses the answer."""

from typing import Any

from faults.patching import replace
from services.common.calls import Endpoint, Request
from services.common.errors import Refusal

RULE = "law 5: what was refused has left nothing behind"


def patch() -> None:
    """Look at the header when the answer is there."""

    def late(answer: Any) -> Any:
        async def answer_and_look(endpoint: Endpoint, request: Request, method: str) -> Any:
            said = await answer(endpoint, request, method)
            if (request.header(b"accept") or "*/*") in ("application/pdf", "nonsense"):
                raise Refusal(406, "not_acceptable", "this service speaks application/json")
            return said

        return answer_and_look

    replace(Endpoint, "_answer", late)
