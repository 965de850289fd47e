"""A service that is told to stop gives up what it has begun, and answers only who asks after that."""

import asyncio
import os
import signal
from typing import Any

from faults.patching import replace
from services.common import http

RULE = "4.13 H: nobody is left guessing, also when a service stops"
_SERVING_SECONDS = 0.3
_LEAVING_SECONDS = 2.0


def patch() -> None:
    """Cancel the calls that are under way."""

    def give_up() -> None:
        http.life.is_leaving = True
        for task in asyncio.all_tasks():
            if "run_asgi" in repr(task.get_coro()):
                task.cancel()
        asyncio.get_running_loop().call_later(_LEAVING_SECONDS, os._exit, 0)

    def until_told(serve: Any) -> Any:
        async def serve_until_told(*args: Any) -> None:
            loop = asyncio.get_running_loop()
            loop.call_later(_SERVING_SECONDS, loop.add_signal_handler, signal.SIGTERM, give_up)
            await serve(*args)

        return serve_until_told

    replace(http, "serve", until_told)
