"""``opentelemetry-instrument python -m monitoring.traced auth|inventory``: run a service with traces of its requests.

Off by default, and outside the services' own code: without this wrapper, nothing of OpenTelemetry is loaded.
``opentelemetry-instrument`` brings the spans of database, Redis and outgoing calls; this launcher those of requests.
"""

import dataclasses
import runpy
import sys
from collections.abc import Sequence
from typing import Any

from services.common import http
from services.common.settings import ServiceSettings


def main(arguments: Sequence[str]) -> int:
    """Run the service that is named; return 2 when there is none or OpenTelemetry is not installed."""
    if len(arguments) != 1 or arguments[0] not in ("auth", "inventory"):
        print("error: usage: python -m monitoring.traced auth|inventory", file=sys.stderr)
        return 2
    try:
        from opentelemetry.instrumentation.asgi import (  # type: ignore[import-not-found,unused-ignore]
            OpenTelemetryMiddleware,
        )
    except ImportError:
        print("error: OpenTelemetry is not installed: docs/observability.md says what to install", file=sys.stderr)
        return 2
    serve = http.serve

    async def serve_traced(
        listeners: Sequence[http.Listener], settings: ServiceSettings, trusted_proxies: str = ""
    ) -> None:
        def traced(app: Any) -> Any:
            return OpenTelemetryMiddleware(app, excluded_urls="/metrics,/health.*", exclude_spans=["receive", "send"])

        await serve(
            [dataclasses.replace(listener, app=traced(listener.app)) for listener in listeners],
            settings,
            trusted_proxies,
        )

    http.serve = serve_traced
    runpy.run_module(f"services.{arguments[0]}", run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
