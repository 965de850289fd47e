"""Reads and judges lines of logs (contract 6.4) and pages of metrics (6.2)."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

from reporting.forms import differences
from reporting.redaction import redact

_ALWAYS = ("timestamp utc", "level level", "message any", "service any")
_OF_A_REQUEST = (
    "request_id any", "method text", "path path", "status whole", "duration_ms number", "user_id text|null",
)  # fmt: skip
_PAIR = re.compile(r'(?:^|\s)[A-Za-z_][\w.-]*=(?:"[^"]*"|[^\s"]+)')
_TABBED = re.compile(r"(?:^|\t)[A-Za-z_][\w.-]*:[^\t]*(?=\t|$)")
_PAIRS = 3
Sample = tuple[str, dict[str, str], float]


def content_of(file: str, line: str) -> dict[str, Any]:
    """Return a line as JSON. Raises AssertionError when it is no JSON object."""
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise AssertionError(f"{file} has a line that is no JSON object: {redact(line)[:300]!r} (6.4)")
    return found


def is_structured(line: str) -> bool:
    """Return whether a line holds fields with names: a JSON object, or three pairs of ``name=value``.

    Between tabs they may be ``name:value`` as well. What a collector has put before it, such as a container's
    name, is not looked at.
    """
    with suppress(ValueError):
        found, _ = json.JSONDecoder().raw_decode(line[line.find("{") :])
        if found and isinstance(found, dict):
            return True
    return max(len(_PAIR.findall(line)), len(_TABBED.findall(line))) >= _PAIRS


def faults_of(content: dict[str, Any]) -> list[str]:
    """Return what a line lacks or has in another form than promised."""
    return differences(content, _ALWAYS + (_OF_A_REQUEST if "path" in content else ()))


def samples(page: str, name: str = "") -> list[Sample]:
    """Return the samples of all metrics, or of one: to read a whole page takes a while.

    Raises AssertionError when the page is not in Prometheus' text format.
    """
    # It takes its time, and few runs read metrics.
    from prometheus_client.parser import text_string_to_metric_families

    lines = "".join(line for line in page.splitlines(keepends=True) if line.startswith(name))
    try:
        found = [one for family in text_string_to_metric_families(lines) for one in family.samples]
    except ValueError as error:
        raise AssertionError(f"the metrics are not in Prometheus' text format: {error} (6.2)") from None
    return [(one.name, dict(one.labels), one.value) for one in found if name in ("", one.name)]
