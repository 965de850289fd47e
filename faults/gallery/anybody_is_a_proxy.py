"""What a caller says of its own address is believed, so that nobody's logins are limited."""

from typing import Any

from faults.patching import replace
from services.common import http

RULE = "2.9 H: nobody's header counts but a trusted proxy's"


def patch() -> None:
    """Trust every address."""

    def trusting(serve: Any) -> Any:
        return lambda listeners, settings, *_: serve(listeners, settings, "*")

    replace(http, "serve", trusting)
