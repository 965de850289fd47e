"""What both services count of their requests, and the page that tells it (contract, section 6: metrics)."""

import functools
import time
from typing import Any

import prometheus_client
from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

from services.common.calls import Answer, Call, Request
from services.common.http import Observed

# Callers can invent methods, and a series for each.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0)

# They would double the number of series, with the time at which each was made.
disable_created_metrics()  # type: ignore[no-untyped-call]  # it tells no types


class ServiceMetrics:
    """``<prefix>_service_up`` and its start time, and what all listeners count together in ``<prefix>_http_…``."""

    def __init__(self, prefix: str) -> None:
        self.up = Gauge(f"{prefix}_service_up", "1 while the service serves")
        self._start_time = Gauge(f"{prefix}_service_start_time_seconds", "When the service started, seconds since 1970")
        self._requests = Counter(
            f"{prefix}_http_requests_total", "Requests answered, by route pattern", ["method", "endpoint", "status"]
        )
        self._duration = Histogram(
            f"{prefix}_http_request_duration_seconds", "Time to answer", ["method", "endpoint"], buckets=SECONDS
        )
        in_flight = Gauge(f"{prefix}_http_requests_in_flight", "Requests under way besides the one that asks")
        in_flight.set_function(self._in_flight)
        self._listeners: list[Observed] = []
        self._series = functools.cache(self._series_of)

    def started(self) -> None:
        """Note that the service serves from now on."""
        self._start_time.set(time.time())
        self.up.set(1)

    def observed(self, app: Any) -> Observed:
        """Wrap a listener's application: its requests are counted, timed and logged."""
        self._listeners.append(Observed(app, self.observe))
        return self._listeners[-1]

    def observe(self, method: str, endpoint: str, status: int, seconds: float) -> None:
        """Count and time one request."""
        counter, histogram = self._series(method if method in METHODS else "other", endpoint, status)
        counter.inc()
        histogram.observe(seconds)

    def _series_of(self, method: str, endpoint: str, status: int) -> tuple[Counter, Histogram]:
        return self._requests.labels(method, endpoint, str(status)), self._duration.labels(method, endpoint)

    def _in_flight(self) -> float:
        # Read by a request for the page, which would keep the gauge from ever being 0.
        return float(max(0, sum(listener.in_flight for listener in self._listeners) - 1))


def metrics_call() -> Call:
    """The page with all metrics of this process."""

    async def page(_: Request) -> Answer:
        kind = prometheus_client.CONTENT_TYPE_LATEST.encode()
        return Answer(prometheus_client.generate_latest(), media_type=kind)

    return Call("GET", "/metrics", page, str, "What the service has counted", media_type="text/plain")
