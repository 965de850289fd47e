"""A service that is told to stop does so at once, whatever it has begun."""

import asyncio
import os
import signal
from typing import Any

from faults.patching import replace
from services.common import http

RULE = "4.13 H: nobody is left guessing, also when a service stops"
_SERVING_SECONDS = 0.3


def patch() -> None:
    """End with the signal."""

    def until_told(serve: Any) -> Any:
        async def serve_until_told(*args: Any) -> None:
            loop = asyncio.get_running_loop()
            loop.call_later(_SERVING_SECONDS, loop.add_signal_handler, signal.SIGTERM, os._exit, 0)
            await serve(*args)

        return serve_until_told

    replace(http, "serve", until_told)
