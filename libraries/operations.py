"""Keywords about health, metrics and request ids (contract, section 6)."""

from __future__ import annotations

import re
from typing import Any

from prometheus_client.parser import text_string_to_metric_families
from robot.api.deco import keyword, library

from libraries import calls, redaction, shapes
from libraries.client import Answer, Expected
from libraries.players import Player
from libraries.preparing import target
from libraries.session import auth, client, instance, need
from libraries.target import Instance

HEALTH = {
    "status": shapes.is_text, "timestamp": shapes.is_text, "version": shapes.is_text, "dependencies": shapes.is_any,
}  # fmt: skip
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+|localhost|:\d{4,5}\b|Traceback")

Sample = tuple[str, dict[str, str], float]


def _get(url: str, route: str) -> Answer:
    return client().exchange(calls.Call("GET", url, route))


def secrets_in(text: str) -> list[str]:
    """Return what a health answer must not hold: addresses, stack traces, the database's host and password."""
    found = [match.group() for match in _ADDRESS.finditer(text)]
    database = target().database
    if database is not None:
        found += [word for word in (database.host, database.password.value) if len(word) > 8 and word in text]
    return [redaction.redact(word) for word in found]


def samples(text: str) -> list[Sample]:
    """Return all samples of a metrics page. Raises AssertionError when it is not in Prometheus' text format."""
    try:
        return [(s.name, dict(s.labels), s.value) for f in text_string_to_metric_families(text) for s in f.samples]
    except ValueError as error:
        raise AssertionError(f"/metrics is not in Prometheus' text format: {error}") from None


@library(scope="GLOBAL")
class OperationsKeywords:
    """Asks services how they are (contract, section 6). Parts that a deployment lacks are skipped."""

    @keyword
    def health_should_be(
        self, path: str = "", status: int = 200, at: Instance | None = None, dependency: str | None = None
    ) -> dict[str, Any]:
        """Fail unless ``/health`` (with ``/ready`` or ``/live`` after it) answers so, and tells no secrets.

        ``dependency`` must then be reported as not healthy. Returns the body.
        """
        need("health")
        answer = _get(f"{instance(at).health}{path}", f"/health{path}")
        if answer.status != status:
            raise AssertionError(f"{answer.call} answered {answer.outcome}, expected {status}")
        problem = shapes.difference(answer.body, {"status": shapes.is_text} if path == "/live" else HEALTH)
        leaked = secrets_in(answer.text)
        if problem or leaked:
            raise AssertionError(problem or f"{answer.call} tells {leaked}")
        if dependency is not None and answer.body["dependencies"].get(dependency) == "healthy":
            raise AssertionError(f"{answer.call} calls {dependency} healthy")
        body: dict[str, Any] = answer.body
        return body

    @keyword
    def auth_health_should_be_good(self) -> None:
        """Fail unless the auth service's ``/health`` is 200, healthy, and tells no secrets."""
        answer = client().send(calls.auth_call(auth(), "/health"))
        problem = shapes.difference(answer.body, HEALTH)
        if problem or answer.body["status"] != "healthy" or secrets_in(answer.text):
            raise AssertionError(problem or f"the auth service's health is {answer.text[:300]}")

    @keyword
    def metrics_should_have(self, *names: str) -> None:
        """Fail unless ``/metrics`` has these metrics, named without the target's prefix."""
        found = {name for name, _, _ in self._samples()}
        known = found | {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in found}
        missing = [name for name in names if target().metric_prefix + name not in known]
        if missing:
            raise AssertionError(f"/metrics lacks {', '.join(target().metric_prefix + name for name in missing)}")

    def _samples(self, at: Instance | None = None, name: str = "") -> list[Sample]:
        """Return the samples of all metrics, or of those whose names begin so: to read a whole page takes a while."""
        need("metrics")
        answer = _get(str(instance(at).metrics), "/metrics")
        if answer.status != 200:
            raise AssertionError(f"/metrics answered {answer.outcome}")
        return samples("".join(line for line in answer.text.splitlines(keepends=True) if line.startswith(name)))

    @keyword
    def metric_value(self, name: str, **labels: str) -> float:
        """Return the sum of a metric's samples that have these labels (0 when there are none), prefix left out."""
        wanted = labels.items()
        full = target().metric_prefix + name
        return sum(
            value for found, having, value in self._samples(name=full) if found == full and wanted <= having.items()
        )

    @keyword
    def metric_should_have_grown(self, name: str, before: float, by_at_least: float = 1, **labels: str) -> None:
        """Fail unless a metric is now higher by so much than it was before."""
        now = self.metric_value(name, **labels)
        if now < before + by_at_least:
            raise AssertionError(f"{name} {labels} went from {before:g} to {now:g}, expected {by_at_least:g} more")

    @keyword
    def endpoint_labels_should_be_patterns(self) -> None:
        """Fail when an ``endpoint`` label is a raw path: one with a UUID or a query in it."""
        endpoints = {labels["endpoint"] for _, labels, _ in self._samples() if "endpoint" in labels}
        raw = [e for e in endpoints if re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|\?", e)]
        if not endpoints:
            raise AssertionError("no metric has the label endpoint")
        if raw:
            raise AssertionError(f"endpoint labels are raw paths: {raw[:3]}")

    @keyword
    def request_id_should_come_back(self, player: Player) -> None:
        """Fail unless the ``X-Request-ID`` of a request is the one of its answer, for a success and for a refusal."""
        for token, expected in ((player.token, "200"), (None, "401 missing_token")):
            answer = client().send(calls.read_inventory(instance(None), token, "main"), expected)
            if answer.headers.get("x-request-id") != answer.request_id:
                raise AssertionError(
                    f"X-Request-ID {answer.request_id} came back as {answer.headers.get('x-request-id')}"
                )

    @keyword
    def request_id_should_be_made(self, player: Player) -> None:
        """Fail unless a request without ``X-Request-ID`` gets one with its answer."""
        call = calls.Call(
            "GET", f"{instance(None).public}/inventory", "/inventory", player.token, headers=(("X-Request-ID", ""),)
        )
        if not client().send(call).headers.get("x-request-id"):
            raise AssertionError("a request without X-Request-ID got none with its answer")

    @keyword
    def path_should_not_be_public(self, route: str, expect: Expected = "404") -> None:
        """Fail unless an internal path is unknown on the public listener (shape ``split``)."""
        method, _, path = route.partition(" ")
        call = calls.Call(method, instance(None).public + path, path, body={} if method == "POST" else None)
        answer = client().exchange(call)
        if answer.outcome.partition(" ")[0] != expect:
            raise AssertionError(f"{route} on the public listener answered {answer.outcome}, expected {expect}")
