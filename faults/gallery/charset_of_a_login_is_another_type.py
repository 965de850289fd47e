"""A development login whose body says that it is JSON in UTF-8 is refused: the type is compared with one text."""

from typing import Any

from faults.patching import replace
from services.auth.api import AuthGate
from services.common.errors import Refusal

RULE = "2.1 S: a login is answered 200"


def patch() -> None:
    """Take the type without anything behind it."""

    def comparing(login: Any) -> Any:
        async def compare_and_log_in(gate: AuthGate, request: Any) -> None:
            if request.header(b"content-type") not in (None, "application/json"):
                raise Refusal(415, "unsupported_media_type", "the body must be JSON")
            await login(gate, request)

        return compare_and_log_in

    replace(AuthGate, "login", comparing)
