"""Reads a page of metrics in Prometheus' text format (contract 6.2)."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

Sample = tuple[str, dict[str, str], float]


def samples(text: str, name: str = "") -> list[Sample]:
    """Return the samples of all metrics, or of one: to read a whole page takes a while.

    Raises AssertionError when the page is not in Prometheus' text format.
    """
    lines = "".join(line for line in text.splitlines(keepends=True) if line.startswith(name))
    try:
        found = [one for family in text_string_to_metric_families(lines) for one in family.samples]
    except ValueError as error:
        raise AssertionError(f"the metrics are not in Prometheus' text format: {error} (6.2)") from None
    return [(one.name, dict(one.labels), one.value) for one in found if name in ("", one.name)]
