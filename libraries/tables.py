"""Tables for log.html."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

_LIMIT = 200


def table(headings: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Return an HTML table of at most 200 lines; the rest is counted."""
    kept = list(lines)
    head = "".join(f"<th>{html.escape(heading)}</th>" for heading in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in line) + "</tr>" for line in kept[:_LIMIT]
    )
    more = f"<p>… and {len(kept) - _LIMIT} more</p>" if len(kept) > _LIMIT else ""
    return f'<table border="1" cellpadding="3"><tr>{head}</tr>{body}</table>{more}'
