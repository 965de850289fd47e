"""The time for a body begins anew with each piece of it."""

import asyncio
from typing import Any

from faults.patching import replace
from services.common.calls import Request

RULE = "6.5 H: 30 s to send the body (408)"


def patch() -> None:
    """Wait for each piece by itself."""

    def patient(init: Any) -> Any:
        def init_patiently(request: Request, scope: Any, receive: Any, seconds: float) -> None:
            async def receive_in_time() -> Any:
                async with asyncio.timeout(seconds):
                    return await receive()

            init(request, scope, receive_in_time, 3600.0)

        return init_patiently

    replace(Request, "__init__", patient)
