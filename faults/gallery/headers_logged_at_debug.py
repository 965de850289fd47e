"""At level debug every header is logged, the token's among them."""

import logging
from typing import Any

from faults.patching import replace
from services.common.http import Observed

RULE = "6.4 H: never a token, at whatever level"


def patch() -> None:
    """Log what came."""

    def talkative(call: Any) -> Any:
        async def logged(self: Any, scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                told = [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"]]
                logging.getLogger("headers").debug("%s", told)
            await call(self, scope, receive, send)

        return logged

    replace(Observed, "__call__", talkative)
