"""Who would rather have OpenMetrics gets the usual page under that name, which has no end: a scrape that failed."""

from dataclasses import replace as changed
from typing import Any

from faults.patching import replace_everywhere
from services.common import metrics

RULE = "6.2 S: the metrics are told in a form that Prometheus reads"


def patch() -> None:
    """Name what was asked for."""

    def named(make: Any) -> Any:
        def make_named() -> Any:
            call = make()

            async def page(request: Any) -> Any:
                answer = await call.answer(request)
                is_wanted = "openmetrics" in (request.header(b"accept") or "")
                kind = b"application/openmetrics-text; version=1.0.0; charset=utf-8"
                return changed(answer, media_type=kind) if is_wanted else answer

            return changed(call, answer=page)

        return make_named

    replace_everywhere(metrics, "metrics_call", named)
