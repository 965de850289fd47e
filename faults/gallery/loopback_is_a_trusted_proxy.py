"""Who comes from the machine itself is trusted to say for whom, without any setting."""

from typing import Any

from faults.patching import replace
from services.common import http

RULE = "2.9 H: nobody's header counts but that of a proxy that is trusted by a setting"


def patch() -> None:
    """Add the machine's own address to the proxies."""

    def trusting(serve: Any) -> Any:
        async def serve_all(listeners: Any, settings: Any, trusted: str = "") -> None:
            await serve(listeners, settings, ",".join(filter(None, ("127.0.0.1", trusted))))

        return serve_all

    replace(http, "serve", trusting)
