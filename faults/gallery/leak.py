"""Every request leaves some memory behind: `SHARD_LEAK_BYTES`, 8 KiB unless told."""

import os
from typing import Any

from faults.patching import replace
from services.common.http import Observed

RULE = "a service's memory does not grow with the requests it has answered"
PROVEN_BY = "load"


def patch() -> None:
    """Keep a block of memory for each request."""
    size = int(os.environ.get("SHARD_LEAK_BYTES", "8192"))
    kept: list[bytes] = []

    def leaking(answer: Any) -> Any:
        async def answer_and_keep(observed: Observed, scope: Any, receive: Any, send: Any) -> None:
            # Random, so that the pages are really there.
            kept.append(os.urandom(size))
            await answer(observed, scope, receive, send)

        return answer_and_keep

    replace(Observed, "__call__", leaking)
