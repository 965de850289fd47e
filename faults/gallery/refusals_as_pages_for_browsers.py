"""Who would rather have HTML than anything else is refused with a page, as frameworks do for browsers."""

from typing import Any

from faults.patching import replace
from services.common import calls
from services.common.errors import Refusal

RULE = "4.2 S: bodies of errors are JSON with an error and a message"


def patch() -> None:
    """Look at Accept before a refusal is told."""

    def for_browsers(original: Any) -> Any:
        async def answer(self: Any, request: Any, method: str) -> Any:
            try:
                return await original(self, request, method)
            except Refusal as refusal:
                if not (request.header(b"accept") or "").startswith("text/html"):
                    raise
                page = f"<h1>{refusal.status}</h1>".encode()
                return calls.Answer(page, refusal.status, refusal.headers, b"text/html; charset=utf-8")

        return answer

    replace(calls.Endpoint, "_answer", for_browsers)
