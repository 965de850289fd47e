"""A service whose credentials are said to be JSON in UTF-8 gets no token: the type is compared with one text."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace
from services.auth import api
from services.common.errors import Refusal

RULE = "2.3 H: a service gets a token for its credentials"


def patch() -> None:
    """Take the type without anything behind it."""

    async def compare(request: Any) -> None:
        if request.header(b"content-type") not in (None, "application/json"):
            raise Refusal(415, "unsupported_media_type", "the body must be JSON")

    def comparing(call: Any) -> Any:
        return changed(call, guard=compare) if call.path == "/auth/service-token" else call

    replace(api, "token_calls", lambda calls: lambda *args: [comparing(call) for call in calls(*args)])
