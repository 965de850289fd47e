"""What fails is told in a line of text, as servers do it."""

from typing import Any

from faults.patching import replace
from services.common import calls

RULE = "4.2 S: error bodies have error and message"


def patch() -> None:
    """Let go of what the body would say."""

    def plain(respond: Any) -> Any:
        async def respond_in_text(send: Any, answer: Any) -> None:
            if isinstance(answer, calls.Answer) and answer.status >= 500 and "error" in answer.content:
                answer = calls.Answer(b"Service Unavailable", answer.status, answer.headers, b"text/plain")
            await respond(send, answer)

        return respond_in_text

    replace(calls, "respond", plain)
