"""Limits, what was measured against them, and results/load.json."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from load.k6 import Outcome
from load.leaks import LIMIT_MIB, Slope
from load.records import READ, CallSummary, Complaint, Record, by_call, percentile


@dataclass(frozen=True)
class Threshold:
    """One limit. ``value`` is None when it could not be measured; such a threshold counts as held and says why."""

    name: str
    limit: str
    value: float | None
    held: bool
    unit: str = ""
    note: str = ""

    def __str__(self) -> str:
        value = "not measured" if self.value is None else f"{self.value:.6g}{self.unit}"
        return f"{self.name} was {value}, the limit is {self.limit}" + (f" ({self.note})" if self.note else "")


def below(name: str, value: float, limit: float, unit: str = "") -> Threshold:
    """A value that must be below a limit."""
    return Threshold(name, f"< {limit:g}{unit}", value, value < limit, unit)


def none_of(name: str, count: int | None, note: str = "") -> Threshold:
    """Something of which there must be none; None when it could not be counted."""
    return Threshold(name, "0", count, not count, note=note)


def speed_thresholds(outcome: Outcome) -> list[Threshold]:
    """Return the thresholds that k6 itself applied, the seed's first."""
    found = [
        below("http_req_duration p(95)", outcome.metric("http_req_duration", "p(95)"), 1000, " ms"),
        below("http_req_failed rate", outcome.metric("http_req_failed", "value"), 0.1),
        none_of("failed checks", int(outcome.metric("checks", "fails"))),
        below("GET /inventory p(95)", outcome.metric("http_req_duration{call:read}", "p(95)"), 500, " ms"),
        none_of("dropped_iterations", int(outcome.metric("dropped_iterations", "count"))),
    ]
    if all(threshold.held for threshold in found):
        # The script may have got limits that are not known here.
        crossed = crossed_in_k6(outcome)
        found.append(none_of("thresholds that k6 says were crossed", len(crossed), ", ".join(crossed)))
    return found


def thresholds_of(records: Sequence[Record], complaints: Sequence[Complaint]) -> list[Threshold]:
    """Return the same limits, applied to records: for tools that have no thresholds of their own."""
    times = [record.milliseconds for record in records]
    reads = [record.milliseconds for record in records if record.call == READ]
    failed = sum(record.failed for record in records) / len(records) if records else 1.0
    return [
        below("http_req_duration p(95)", percentile(times, 0.95), 1000, " ms"),
        below("http_req_failed rate", failed, 0.1),
        none_of("failed checks", len(complaints)),
        below("GET /inventory p(95)", percentile(reads, 0.95), 500, " ms"),
    ]


def enough(name: str, value: float, least: float) -> Threshold:
    """A value that must not be below a limit."""
    return Threshold(name, f">= {least:g}", value, value >= least)


def crossed_in_k6(outcome: Outcome) -> list[str]:
    """Return the thresholds that k6 says were crossed."""
    return [
        f"{name} {limit}"
        for name, metric in outcome.summary["metrics"].items()
        for limit, crossed in metric.get("thresholds", {}).items()
        if crossed
    ]


def memory_threshold(service: str, slope: Slope) -> Threshold:
    """The limit of a service's memory growth: a leak is an interval that lies wholly above it."""
    limit = f"95 % interval not above {LIMIT_MIB:g} MiB per 10,000 requests"
    return Threshold(f"memory slope of {service}", limit, slope.mib, not slope.is_leak, " MiB", str(slope))


@dataclass
class Verdict:
    """What a run showed."""

    profile: str
    tool: str
    thresholds: list[Threshold] = field(default_factory=list)
    seconds: float = 0.0
    requests: int = 0
    failures: int = 0
    players: int = 0
    ledger_violations: list[str] = field(default_factory=list)
    ledger_checked_in_seconds: float = 0.0
    server_errors: Mapping[str, list[str]] = field(default_factory=dict)
    memory: Mapping[str, Slope] = field(default_factory=dict)
    calls: Sequence[CallSummary] = ()
    complaints: Sequence[Complaint] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def count(self, records: Sequence[Record]) -> None:
        """Take over what the records of the run tell."""
        self.requests = len(records)
        self.failures = sum(record.failed for record in records)
        self.seconds = records[-1].at - records[0].at if records else 0.0
        self.calls = by_call(records)

    @property
    def broken(self) -> list[Threshold]:
        """The thresholds that did not hold."""
        return [threshold for threshold in self.thresholds if not threshold.held]

    def as_json(self) -> dict[str, Any]:
        """Return the content of results/load.json."""
        return {
            "profile": self.profile,
            "tool": self.tool,
            "passed": not self.broken,
            "thresholds": [asdict(threshold) for threshold in self.thresholds],
            "seconds": round(self.seconds, 1),
            "requests": self.requests,
            "failures": self.failures,
            "players": self.players,
            "ledger_violations": len(self.ledger_violations),
            "first_ledger_violations": self.ledger_violations[:20],
            "ledger_checked_in_seconds": round(self.ledger_checked_in_seconds, 2),
            "server_errors": {name: len(lines) for name, lines in self.server_errors.items()},
            "memory_slope": {
                name: {
                    "mib_per_10000_requests": slope.mib, "low": slope.low, "high": slope.high, "leak": slope.is_leak,
                    "requests_judged": slope.requests, "not_judged_because": slope.reason or None,
                }
                for name, slope in self.memory.items()
            },
            "calls": [asdict(call) for call in self.calls],
            "machine": {"cpus": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
            **self.extra,
        }  # fmt: skip

    def write(self, path: Path) -> None:
        """Write results/load.json."""
        path.write_text(json.dumps(self.as_json(), indent=1) + "\n", encoding="utf-8")


def summary(verdict: Verdict) -> str:
    """Return the result of a run in one line."""
    rate = verdict.requests / max(0.001, verdict.seconds)
    return (
        f"{verdict.tool} {verdict.profile}: {verdict.requests:,} calls ({rate:.0f}/s), {verdict.failures} failed, "
        f"{len(verdict.ledger_violations)} ledger violations, {len(verdict.broken)} of {len(verdict.thresholds)} "
        "thresholds broken"
    )


def headline(verdict: Verdict) -> str:
    """Return the result of a run in Robot Framework's own markup, as the tables below."""
    return f"*{'BROKEN' if verdict.broken else 'HELD'}* - {summary(verdict)}"


def thresholds_table(verdict: Verdict) -> str:
    """Return the limits and what was measured as a table."""
    lines = [
        (
            "held" if t.held else "*BROKEN*",
            *map(_cell, (t.name, t.limit, "not measured" if t.value is None else f"{t.value:,.6g}{t.unit}", t.note)),
        )
        for t in verdict.thresholds
    ]
    return _table(("", "threshold", "limit", "value", ""), lines)


def calls_table(verdict: Verdict) -> str:
    """Return how each call was answered as a table."""
    lines = [
        (c.call, f"{c.count:,}", f"*{c.failures}*" if c.failures else "0",
         *(f"{v:.1f}" for v in (c.p50, c.p95, c.p99, c.slowest)))
        for c in verdict.calls
    ]  # fmt: skip
    return _table(("call", "answers", "failures", "p50 ms", "p95 ms", "p99 ms", "slowest ms"), lines)


def _cell(text: str) -> str:
    """Keep a text from ending its cell or from being markup; Robot Framework escapes HTML itself."""
    return " ".join(text.split()).replace("|", "/").replace("*", "\N{ASTERISK OPERATOR}")


def _table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [[f"= {heading} =" for heading in headings], *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
