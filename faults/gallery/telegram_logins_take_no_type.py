"""A login by Telegram whose body has a type is refused, though there is no body, or nothing in it."""

from typing import Any

from faults.patching import replace
from services.auth.api import AuthGate
from services.common.errors import Refusal

RULE = "2.2 S: a login by Telegram is decided by its header"


def patch() -> None:
    """Look at the type."""

    def looking(login: Any) -> Any:
        async def look_and_log_in(gate: AuthGate, request: Any) -> None:
            if request._scope["path"] == "/auth" and request.header(b"content-type"):
                raise Refusal(415, "unsupported_media_type", "this call has no body")
            await login(gate, request)

        return look_and_log_in

    replace(AuthGate, "login", looking)
