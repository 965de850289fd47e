"""Reads the rule files, names the metrics they use, and makes copies of them that run faster.

A live proof cannot wait for hours, so it runs the same rules with every duration divided: windows in expressions,
``for``, evaluation intervals. Thresholds, labels and structure stay as they are.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
RULES = HERE / "prometheus" / "rules"
RUNBOOKS = HERE.parent / "docs" / "runbooks"

# How much faster each file runs in the live proof: its shortest window then holds a few scrapes.
SPEEDS = {"inventory.yml": 40.0, "slo_fast.yml": 150.0, "slo_slow.yml": 1200.0, "ledger.yml": 300.0}

_MILLISECONDS = {
    "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000, "y": 31_536_000_000,
}  # fmt: skip
_PART = re.compile(r"(\d+)(ms|[smhdwy])")
_DURATION = re.compile(r"(?:\d+(?:ms|[smhdwy]))+")
# Text in quotes is a label's value: whatever looks like a duration in it is none.
_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_WINDOW = re.compile(r"(\[)([^\]]+)(\])")
_OFFSET = re.compile(r"(\boffset\s+-?)((?:\d+(?:ms|[smhdwy]))+)()")
_METRIC = re.compile(r"\b(?:inventory|process|python|up|scrape|prometheus)(?:[_:][a-zA-Z0-9_:]+|\b)(?!\s*\()")


class RuleError(ValueError):
    """A rule file is not as it should be; the message names what."""


@dataclass(frozen=True)
class Alert:
    """An alerting rule, and the file that it stands in."""

    name: str
    expr: str
    file: str
    hold: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]


def milliseconds(duration: str) -> int:
    """Return a Prometheus duration such as ``1h30m`` in milliseconds. Raises RuleError when it is none."""
    if not _DURATION.fullmatch(duration):
        raise RuleError(f"{duration!r} is no duration: write it like 5m or 1h30m")
    return sum(int(number) * _MILLISECONDS[unit] for number, unit in _PART.findall(duration))


def scaled(duration: str, speed: float) -> str:
    """Return a duration divided by ``speed``, in whole milliseconds, at least one. Nothing stays nothing."""
    length = milliseconds(duration)
    return f"{max(1, round(length / speed))}ms" if length else "0s"


def scale_expr(expr: str, speed: float) -> str:
    """Return an expression with its windows, subquery steps and offsets divided by ``speed``."""

    def window(match: re.Match[str]) -> str:
        parts = match.group(2).split(":")
        return match.group(1) + ":".join(scaled(part.strip(), speed) if part else "" for part in parts) + match.group(3)

    def outside(text: str) -> str:
        return _OFFSET.sub(window, _WINDOW.sub(window, text))

    return _outside_quotes(expr, outside)


def _outside_quotes(expr: str, change: Callable[[str], str]) -> str:
    pieces = _QUOTED.split(expr)
    return "".join(piece if number % 2 else change(piece) for number, piece in enumerate(pieces))


def scale_rules(content: Mapping[str, Any], speed: float, interval: str | None = None) -> dict[str, Any]:
    """Return a rule file's content running ``speed`` times as fast; ``interval`` is then every group's own."""
    result: dict[str, Any] = copy.deepcopy(dict(content))
    for group in result["groups"]:
        if interval is not None:
            group["interval"] = interval
        elif "interval" in group:
            group["interval"] = scaled(group["interval"], speed)
        for rule in group["rules"]:
            rule["expr"] = scale_expr(rule["expr"], speed)
            if "for" in rule:
                rule["for"] = scaled(rule["for"], speed)
    return result


def load(path: Path) -> dict[str, Any]:
    """Return a YAML file's content. Raises RuleError naming the file when it is no YAML mapping."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise RuleError(f"{path} cannot be read: {error}") from None
    if not isinstance(content, dict):
        raise RuleError(f"{path} is no YAML mapping")
    return content


def rule_files(folder: Path = RULES) -> list[Path]:
    """Return the rule files, sorted."""
    return sorted(folder.glob("*.yml"))


def _rules(folder: Path) -> Iterable[tuple[Path, dict[str, Any]]]:
    for path in rule_files(folder):
        for group in load(path)["groups"]:
            for rule in group["rules"]:
                yield path, rule


def alerts(folder: Path = RULES) -> list[Alert]:
    """Return all alerting rules."""
    return [
        Alert(
            rule["alert"], rule["expr"], path.name, str(rule.get("for", "0s")), rule.get("labels", {}),
            rule.get("annotations", {}),
        )
        for path, rule in _rules(folder) if "alert" in rule
    ]  # fmt: skip


def recorded(folder: Path = RULES) -> dict[str, str]:
    """Return the expressions of all recording rules by the names that they record."""
    return {rule["record"]: rule["expr"] for _, rule in _rules(folder) if "record" in rule}


def metrics_in(expr: str) -> set[str]:
    """Return the names of the metrics that an expression selects."""
    # Without the selectors' labels, and without the labels that results are grouped by.
    bare = re.sub(r"\{[^}]*\}", "", _QUOTED.sub("", expr))
    return set(_METRIC.findall(re.sub(r"\b(?:by|without)\s*\([^)]*\)", "", bare)))


def write_scaled(target: Path, speeds: Mapping[str, float], interval: str) -> None:
    """Write all rule files into a folder, each as many times faster as ``speeds`` says."""
    for path in rule_files():
        content = scale_rules(load(path), speeds[path.name], interval)
        (target / path.name).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
