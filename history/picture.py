"""Pictures of calls as inline SVG: a lane a caller, a bar a call, what happened to the deployment as a shade.

And a ledger as tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from history.laws import Ledger, Row
from history.model import INF
from history.records import MARK, Record
from history.shrink import Part
from history.words import Words
from reporting.pictures import bar, folded, svg, table, text

_WIDTH, _LEFT, _LANE = 1100, 90, 30
_MOST = 60
# How wide a letter is.
_LETTER = 5.5
_COLOURS = {"ok": "#2e7d32", "refused": "#ef6c00", "unknown": "#757575"}
_CULPRIT = "#c62828"


def of_part(part: Part, words: Words, names: Sequence[str], marks: Sequence[Record] = ()) -> str:
    """Return the calls of a part without an order; the one that no order gets past is red."""
    stuck = part.result.stuck.record if part.result.stuck else None
    shown = [step.record for step in part.steps][-_MOST:]
    ends = {step.record.id: step.end for step in part.steps}
    left_out = len(part.steps) - len(shown)
    begin = words.ledger(part, names)
    told = [f"it begins with {begin}, as {part.before} calls before it left it"] if part.before else []
    told += [f"{left_out} earlier calls are not drawn"] if left_out else []
    return drawn(shown, words, stuck, ends, marks) + (f"<p>{'; '.join(told)}</p>" if told else "")


def drawn(
    records: Sequence[Record], words: Words, stuck: Record | None = None, ends: dict[str, float] | None = None,
    marks: Sequence[Record] = (),
) -> str:  # fmt: skip
    """Return calls as a picture. A bar that fades out is a call whose outcome was not known by then."""
    if not records:
        return "<p>no calls</p>"
    first = min(one.start for one in records)
    last = stuck.end if stuck else max(one.end for one in records)
    scale = (_WIDTH - _LEFT) / max(last - first, 1e-6)

    def x(at: float) -> float:
        return _LEFT + (min(max(at, first), last) - first) * scale

    lanes = _lanes(records, {one.id: len(words.call(one)) * _LETTER / scale for one in records})
    height = _LANE * (max(lanes.values()) + 1) + 18
    parts = [_mark(one, x, height) for one in marks if one.method == MARK and one.end > first and one.start < last]
    for worker, lane in {(one.worker, lanes[one.id]): lanes[one.id] for one in records}.items():
        parts.append(text(2, lane * _LANE + 19, worker[0][:14]))
    for one in sorted(records, key=lambda one: one.start):
        end = (ends or {}).get(one.id, one.end)
        colour = _CULPRIT if stuck is not None and one.id == stuck.id else _COLOURS[one.outcome]
        parts.append(_bar(one, words.call(one), x, lanes[one.id], colour, is_open=end == INF or end > last))
    parts.append(text(_WIDTH - 4, height - 4, f"{(last - first) * 1000:.1f} ms", ' text-anchor="end"'))
    return svg(_WIDTH, height, parts)


def _lanes(records: Sequence[Record], labels: dict[str, float]) -> dict[str, int]:
    """Return the lane of each call: those of one worker stand together, and no two bars or labels lie over one another.

    ``labels`` are how long the labels would last.
    """
    free: list[tuple[str, float]] = []
    found: dict[str, int] = {}
    for one in sorted(records, key=lambda one: (one.worker, one.start)):
        for number, (worker, until) in enumerate(free):
            if worker == one.worker and until <= one.start:
                free[number] = (worker, max(one.end, one.start + labels[one.id]))
                found[one.id] = number
                break
        else:
            free.append((one.worker, max(one.end, one.start + labels[one.id])))
            found[one.id] = len(free) - 1
    return found


def _bar(one: Record, label: str, x: Callable[[float], float], lane: int, colour: str, is_open: bool) -> str:
    left, right = x(one.start), x(one.end)
    top = lane * _LANE + 4
    fade = ' fill-opacity="0.25" stroke-dasharray="4 3"' if is_open else ' fill-opacity="0.75"'
    width = max(right - left, 3.0)
    # Beside the right edge a label ends where its bar does.
    is_late = len(label) * _LETTER > _WIDTH - left
    at, anchor = (right, ' text-anchor="end"') if is_late else (left, "")
    title = f"{label}; request {one.id}, {(one.end - one.start) * 1000:.1f} ms"
    shape = bar(left, top, width, 10, colour, title, f' stroke="{colour}"{fade}')
    return shape + text(at, top + 21, label, f' fill="{colour}"{anchor}')


def _mark(one: Record, x: Callable[[float], float], height: int) -> str:
    left, right = x(one.start), x(one.end)
    shade = bar(left, 0, max(right - left, 2), height, "#ffe082", one.path, ' fill-opacity="0.5"')
    return shade + text(left + 2, height - 4, one.path, ' fill="#6d4c41"')


def of_ledger(ledger: Ledger) -> str:
    """Return a player's ledger as HTML: a line an operation, and the rows and snapshots folded away."""
    operations: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in ledger.rows:
        operations[row.operation_id, row.operation_type].append(row)
    summary = table(("first row at (UTC)", "operation", "type", "rows", "changes"), (
        (_at(rows[0].created_at), operation_id, kind, len(rows), "; ".join(_words(row) for row in rows[:6]))
        for (operation_id, kind), rows in operations.items()
    ))  # fmt: skip
    rows = table(("at (UTC)", "row", "operation", "type", "change", "comment"), (
        (_at(row.created_at), row.row_id, row.operation_id, row.operation_type, _words(row), row.comment or "")
        for row in ledger.rows
    ))  # fmt: skip
    snapshots = table(("day", "section", "variant", "quantity"), (
        (one.day, one.section, one.variant, one.quantity) for one in ledger.snapshots
    ))  # fmt: skip
    return (
        summary
        + folded(f"All {len(ledger.rows)} rows", rows)
        + folded(f"{len(ledger.snapshots)} daily balances", snapshots)
    )


def _at(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _words(row: Row) -> str:
    return f"{row.change:+d} {row.variant} in {row.section}"
