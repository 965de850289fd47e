"""Plots of a run as SVG that can stand inside log.html."""

from __future__ import annotations

import base64
import io
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from load.leaks import MIB
from load.memory import Reading
from load.records import CALLS, Record, percentile

_POINTS = 150
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none", "font.size": 8, "axes.grid": True, "grid.alpha": 0.3, "path.simplify": True,
}  # fmt: skip


def all_of(records: Sequence[Record], memory: Mapping[str, Sequence[Reading]]) -> dict[str, str]:
    """Return the plots of a run as inline SVG by title."""
    if not records:
        return {}
    with mpl.rc_context(_STYLE):
        plots = {
            "Rate": _rate(records),
            "Latency over time": _latency(records),
            "Latency by call": _histogram(records),
        }
        if any(memory.values()):
            plots["Resident memory"] = _memory(memory, records[0].at)
        return plots


def shown(title: str, svg: str) -> str:
    """Return a plot and its title in Robot Framework's own markup; the image is in it, not in a file beside it."""
    return f"*{title}*\n\n[data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}|{title}]"


def _figure(x: str, y: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(9, 2.6), layout="constrained")
    axes = figure.subplots()
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    return figure, axes


def _svg(figure: Figure) -> str:
    target = io.StringIO()
    figure.savefig(target, format="svg", metadata={"Date": None})
    text = target.getvalue()
    # What stands before the element belongs to files, not to HTML.
    return text[text.index("<svg") :]


def _slices(records: Sequence[Record]) -> tuple[float, dict[int, list[Record]]]:
    """Return the width of a slice of time in seconds, and the calls answered in each."""
    first = records[0].at
    width = max(1.0, math.ceil((records[-1].at - first) / _POINTS))
    slices: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        slices[int((record.at - first) / width)].append(record)
    return width, slices


def _rate(records: Sequence[Record]) -> str:
    width, slices = _slices(records)
    figure, axes = _figure("seconds", "calls a second")
    # The last slice is not full.
    numbers = range(max(slices) or 1)
    axes.plot([n * width for n in numbers], [len(slices.get(n, ())) / width for n in numbers], label="answered")
    failures = [sum(r.failed for r in slices.get(n, ())) / width for n in numbers]
    axes.plot([n * width for n in numbers], failures, color="red", label="of these failed")
    axes.set_ylim(bottom=0)
    axes.legend()
    return _svg(figure)


def _latency(records: Sequence[Record]) -> str:
    width, slices = _slices(records)
    figure, axes = _figure("seconds", "ms")
    numbers = sorted(slices)
    for share in (0.5, 0.95, 0.99):
        values = [percentile([r.milliseconds for r in slices[n]], share) for n in numbers]
        axes.plot([n * width for n in numbers], values, label=f"p{share * 100:.0f}")
    axes.set_ylim(bottom=0)
    axes.legend()
    return _svg(figure)


def _histogram(records: Sequence[Record]) -> str:
    figure, axes = _figure("ms", "answers")
    times: dict[str, list[float]] = defaultdict(list)
    for record in records:
        times[record.call].append(max(0.1, record.milliseconds))
    fastest, slowest = (pick(min(t) if pick is min else max(t) for t in times.values()) for pick in (min, max))
    steps = 60
    edges = [fastest * (slowest / fastest) ** (n / steps) for n in range(steps + 1)] if slowest > fastest else steps
    for call in CALLS:
        if call in times:
            axes.hist(times[call], bins=edges, histtype="step", label=call)
    axes.set_xscale("log")
    axes.legend(ncols=2)
    return _svg(figure)


def _memory(memory: Mapping[str, Sequence[Reading]], start: float) -> str:
    figure, axes = _figure("seconds", "resident MiB")
    for name, readings in memory.items():
        axes.plot([r.at - start for r in readings], [r.resident / MIB for r in readings], label=name)
    axes.set_ylim(bottom=0)
    axes.legend()
    return _svg(figure)
