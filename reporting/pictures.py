"""Tables and pictures as HTML and inline SVG, for log.html and pages of their own."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from typing import Any

from reporting import redaction
from reporting.answers import Answer

_LIMIT = 200
_WIDTH = 900
_LINE = 6
_COLOURS = ("#2e7d32", "#c62828", "#ef6c00", "#6a1b9a", "#1565c0", "#455a64")
# What has a column of its own in a table of log lines; the message takes whatever else a line tells.
_COLUMNS = ("timestamp", "level", "method", "path", "status", "duration_ms", "request_id", "message")
# What other loggers call them; beside a level's name, its number says nothing.
_NAMES = {
    **{one: (one,) for one in _COLUMNS},
    "timestamp": ("timestamp", "time", "ts", "datetime", "@timestamp"),
    "level": ("level_name", "level", "severity"),
    "message": ("message", "msg"),
}
_KNOWN = {"service", "level", *(name for names in _NAMES.values() for name in names)}


def table(headings: Sequence[str], lines: Iterable[Iterable[object]]) -> str:
    """Return an HTML table of at most 200 lines, no wider than the page; the rest is counted."""
    kept = list(lines)
    head = "".join(f"<th>{html.escape(heading)}</th>" for heading in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in line) + "</tr>" for line in kept[:_LIMIT]
    )
    more = f"<p>… and {len(kept) - _LIMIT} more</p>" if len(kept) > _LIMIT else ""
    style = "overflow-wrap:anywhere;white-space:normal;max-width:100%"
    return f'<table border="1" cellpadding="3" style="{style}"><tr>{head}</tr>{body}</table>{more}'


def lines_table(lines: Iterable[tuple[str, str]]) -> str:
    """Return log lines, each after its service's name, as a table; what is no JSON stands whole in its last column."""
    return table(("service", *_COLUMNS), (_cells(name, line) for name, line in lines))


def _cells(name: str, line: str) -> list[object]:
    try:
        told: Any = json.loads(line)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return [name, *[""] * (len(_COLUMNS) - 1), line[:2000]]
    # Some loggers put the fields of a request into a member of their own.
    members = [told, *(one for one in told.values() if isinstance(one, dict))]
    cells = [next((one[n] for n in names for one in members if n in one), "") for names in _NAMES.values()]
    rest = {key: value for key, value in told.items() if value and key not in _KNOWN}
    return [name, *cells[:-1], f"{cells[-1]} {redaction.show(rest, 1000) if rest else ''}"]


def folded(title: str, content: str) -> str:
    """Return HTML that shows its content when the title is clicked."""
    return f"<details><summary>{html.escape(title)}</summary>{content}</details>"


def svg(width: float, height: float, parts: Iterable[str]) -> str:
    """Return parts as one inline picture, no wider than the page."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'style="max-width:100%;background:#fafafa" font-family="sans-serif">{"".join(parts)}</svg>'
    )


def bar(left: float, top: float, width: float, height: float, colour: str, title: str, more: str = "") -> str:
    """Return a bar whose title is shown to whoever points at it; ``more`` are further attributes."""
    return (
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{height}" fill="{colour}"{more}>'
        f"<title>{html.escape(title)}</title></rect>"
    )


def text(left: float, top: float, said: str, more: str = "") -> str:
    """Return small letters; ``more`` are further attributes."""
    return f'<text x="{left:.1f}" y="{top}" font-size="10"{more}>{html.escape(said)}</text>'


def timeline(answers: Sequence[Answer]) -> str:
    """Return a picture of calls: a line a call from sending to answer, coloured by outcome."""
    ordered = sorted(answers, key=lambda answer: answer.started)
    first, last = ordered[0].started, max(answer.ended for answer in ordered)
    scale = _WIDTH / max(last - first, 1e-6)
    outcomes = sorted({answer.outcome for answer in ordered})
    colour = {outcome: _COLOURS[n % len(_COLOURS)] for n, outcome in enumerate(outcomes)}
    legend = " ".join(f'<span style="color:{colour[o]}">■ {html.escape(o)}</span>' for o in outcomes)
    lines = (
        bar((a.started - first) * scale, n * _LINE, max((a.ended - a.started) * scale, 1), _LINE - 2,
            colour[a.outcome], str(a))
        for n, a in enumerate(ordered)
    )  # fmt: skip
    told = f"<p>{legend}: {len(ordered)} calls within {(last - first) * 1000:.0f} ms</p>"
    return told + svg(_WIDTH, len(ordered) * _LINE, lines)
