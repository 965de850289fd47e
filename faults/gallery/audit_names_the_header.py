"""The audit log has the request id that the caller sent, and none when the service made it."""

from contextvars import ContextVar
from typing import Any

from faults.patching import replace
from services.common.calls import Request
from services.inventory import api

RULE = "4.10 H: the audit log names the request's id"


def patch() -> None:
    """Take it from the header and from nowhere else."""
    sent: ContextVar[str | None] = ContextVar("sent", default=None)

    def noting(guard: Any) -> Any:
        async def note(gate: api.Gate, request: Request) -> None:
            sent.set(request.header(b"x-request-id"))
            await guard(gate, request)

        return note

    replace(api.Gate, "admin", noting)
    replace(api, "request_id", lambda _: sent)
