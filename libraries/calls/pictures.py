"""Tables and pictures for log.html."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from libraries.calls.answers import Answer

_LIMIT = 200
_WIDTH = 900
_LINE = 6
_COLOURS = ("#2e7d32", "#c62828", "#ef6c00", "#6a1b9a", "#1565c0", "#455a64")


def table(headings: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Return an HTML table of at most 200 lines, no wider than the page; the rest is counted."""
    kept = list(lines)
    head = "".join(f"<th>{html.escape(heading)}</th>" for heading in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in line) + "</tr>" for line in kept[:_LIMIT]
    )
    more = f"<p>… and {len(kept) - _LIMIT} more</p>" if len(kept) > _LIMIT else ""
    style = "overflow-wrap:anywhere;white-space:normal;max-width:100%"
    return f'<table border="1" cellpadding="3" style="{style}"><tr>{head}</tr>{body}</table>{more}'


def folded(title: str, content: str) -> str:
    """Return HTML that shows its content when the title is clicked."""
    return f"<details><summary>{html.escape(title)}</summary>{content}</details>"


def timeline(answers: Sequence[Answer]) -> str:
    """Return a picture of calls as inline SVG: a line a call from sending to answer, coloured by outcome."""
    ordered = sorted(answers, key=lambda answer: answer.started)
    first, last = ordered[0].started, max(answer.ended for answer in ordered)
    scale = _WIDTH / max(last - first, 1e-6)
    outcomes = sorted({answer.outcome for answer in ordered})
    colour = {outcome: _COLOURS[n % len(_COLOURS)] for n, outcome in enumerate(outcomes)}
    lines = "".join(
        f'<rect x="{(a.started - first) * scale:.1f}" y="{n * _LINE}" '
        f'width="{max((a.ended - a.started) * scale, 1):.1f}" '
        f'height="{_LINE - 2}" fill="{colour[a.outcome]}"><title>{html.escape(str(a))}</title></rect>'
        for n, a in enumerate(ordered)
    )
    height = len(ordered) * _LINE
    legend = " ".join(f'<span style="color:{colour[o]}">■ {html.escape(o)}</span>' for o in outcomes)
    return (
        f'<p>{legend}: {len(ordered)} calls within {(last - first) * 1000:.0f} ms</p><svg width="{_WIDTH}" '
        f'height="{height}" viewBox="0 0 {_WIDTH} {height}" style="max-width:100%;background:#f5f5f5">{lines}</svg>'
    )
