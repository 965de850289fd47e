"""Freedoms of health, metrics, logs and settings (contract, section 6)."""

import math
import re
from typing import Any

from prometheus_client import Histogram
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from faults.dialects.answers import Answer, hide, rewrite, rewrite_at_last
from faults.dialects.dialect import dialect
from faults.patching import replace
from services.common import database, edge, logs, metrics, settings

PREFIX = "shard_inv_"
_NAME = re.compile(rb"^((?:# (?:HELP|TYPE) )?)inventory_", re.MULTILINE)
_STATUS = {"healthy": "ok", "unhealthy": "error", "alive": "ok"}
# Words that the reference services use as values of labels, and other words for them.
_WORDS = {b'="success"': b'="ok"', b'="error"': b'="failed"', b'="written"': b'="done"', b'="balances"': b'="balance"',
          b'="classifiers"': b'="classifier"', b'="postgres"': b'="database"'}  # fmt: skip


@dialect("2.8, 6.1")
def short_health() -> None:
    """Health answers tell a status and a time, and nothing of what the service needs."""

    def shorten(answer: Answer) -> None:
        if answer.body and "status" in answer.body and "/health" in answer.path:
            status = str(answer.body["status"])
            answer.body = {
                "status": _STATUS.get(status, status),
                **{k: v for k, v in answer.body.items() if k == "timestamp"},
            }

    rewrite(shorten)


@dialect("6.1", shapes=("split",))
def health_alone() -> None:
    """There are no probes of readiness and life beside the health."""
    hide("/health/ready", "/health/live")


@dialect("6.1")
def reads_are_enough() -> None:
    """A database that can be read is called healthy."""
    replace(database, "_PROBE", lambda sql: sql.replace("current_setting('transaction_read_only') = 'off'", "true"))


@dialect("4.2")
def text_for_no_http() -> None:
    """What is no HTTP is refused in plain text."""
    replace(edge.Edge, "send_400_response", lambda _: HttpToolsProtocol.send_400_response)


@dialect("6.5", env={"MAX_HEADER_BYTES": "100000000", "HEADER_SECONDS": "3600", "BODY_SECONDS": "3600",
                     "IDLE_SECONDS": "3600", "MAX_CONNECTIONS": "100000", "MAX_CALLS": "100000"})  # fmt: skip
def no_limits() -> None:
    """Nobody is refused for being slow, large or many."""


@dialect("6.2")
def any_method_is_a_label() -> None:
    """Methods that no call has are labels of their own."""
    replace(metrics, "METHODS", lambda _: frozenset({"PURGE", "MKCOL", "LOCK", "PROPFIND", "REPORT"}) | metrics.METHODS)


@dialect("6.2")
def durations_by_whole_milliseconds() -> None:
    """The clock that durations are measured by shows whole milliseconds: what takes less takes no time."""

    def coarse(observe: Any) -> Any:
        return lambda histogram, seconds: observe(histogram, math.floor(seconds * 1000) / 1000)

    replace(Histogram, "observe", coarse)


@dialect("6.4")
def whole_paths() -> None:
    """A path is logged as it was sent."""
    replace(logs, "harmless", lambda _: lambda path: path)
    replace(logs, "MAX_LINE", lambda _: 10**9)


@dialect("6.2", target={"TARGET_METRIC_PREFIX": PREFIX})
def metric_prefix() -> None:
    """The names of metrics have another prefix."""

    def rename(answer: Answer) -> None:
        if answer.path == "/metrics":
            answer.content = _NAME.sub(rb"\1" + PREFIX.encode(), answer.content)

    rewrite_at_last(rename)


@dialect("6.2")
def label_values() -> None:
    """The values of labels are other words, and routes are spelled with colons."""

    def respell(answer: Answer) -> None:
        if answer.path == "/metrics":
            for word, other in _WORDS.items():
                answer.content = answer.content.replace(word, other)
            answer.content = re.sub(rb'(endpoint="[^"]*?){(\w+)}', rb"\1:\2", answer.content)

    rewrite_at_last(respell)


@dialect("6.4")
def plain_logs() -> None:
    """Logs are lines of key=value."""
    replace(logs, "_encode", lambda _: _key_values)


def _key_values(line: dict[str, Any]) -> bytes:
    words = {"time": line.pop("timestamp"), "msg": line.pop("message"), **line}
    return " ".join(f"{name}={_quoted(str(value))}" for name, value in words.items()).encode()


def _quoted(text: str) -> str:
    escaped = text.encode("unicode_escape").decode().replace('"', '\\"')
    return f'"{escaped}"' if " " in text or '"' in text else escaped


@dialect("6.4")
def no_request_ids() -> None:
    """Requests have no ids: none is taken, none is made, none is logged."""
    rewrite_at_last(lambda answer: answer.drop_header(b"x-request-id"))

    def without_id(compose: Any) -> Any:
        def compose_without(*args: Any) -> dict[str, Any]:
            line: dict[str, Any] = compose(*args)
            line.pop("request_id", None)
            return line

        return compose_without

    replace(logs, "compose", without_id)


@dialect("6.6")
def no_description() -> None:
    """There is no OpenAPI document."""
    hide("/openapi/openapi.json")


@dialect("6.7")
def bad_settings_fail_in_other_words() -> None:
    """A missing or bad setting ends the start with some words and exit code 1."""

    def other_words(stop: Any) -> Any:
        def stop_otherwise(message: str, code: int) -> None:
            if code == settings.EXIT_BAD_SETTING:
                stop("configuration is not valid", 1)
            stop(message, code)

        return stop_otherwise

    replace(settings, "stop", other_words)
