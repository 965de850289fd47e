"""All who come through a trusted proxy share one limit."""

from typing import Any

from faults.patching import replace
from services.common import http

RULE = "2.9 H: addresses that share a trusted proxy are told apart"


def patch() -> None:
    """Trust nobody."""

    def distrustful(serve: Any) -> Any:
        return lambda listeners, settings, *_: serve(listeners, settings)

    replace(http, "serve", distrustful)
