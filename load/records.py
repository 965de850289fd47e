"""What the load tools leave behind: a line for each call, written by k6_loadtest.js and locustfile.py alike.

    call EPOCH_MS CALL PLAYER STATUS DURATION_MS OPERATION CONTENT ROWS
    failed EPOCH_MS CALL PLAYER WHAT...

The time is that of the answer. PLAYER counts from 0. Status 0 means that no answer came. OPERATION is the operation id;
of an adjustment, which has none, the mark in its reason. CONTENT is ``item:quantity,…`` with items counted from 0, ROWS
the ledger rows that the answer named. What does not apply is ``-``.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

NONE = "-"
READ, ADD, REPEAT, RESERVE, RETURN, CONSUME, REFUSED, ADJUST = CALLS = (
    "read", "add", "repeat", "reserve", "return", "consume", "refused", "adjust",
)  # fmt: skip
# The status that each call asks for; another one is a failure.
_EXPECTED = defaultdict(lambda: 200, {REFUSED: 400})


@dataclass(frozen=True, slots=True)
class Record:
    """One call. ``at`` is the answer's time in seconds since the epoch, ``milliseconds`` how long it took."""

    at: float
    call: str
    player: int
    status: int
    milliseconds: float
    operation: str | None
    content: tuple[tuple[int, int], ...]
    rows: tuple[str, ...] | None

    @property
    def failed(self) -> bool:
        """Whether the answer was not the one that the call asks for."""
        return self.status != _EXPECTED[self.call]


@dataclass(frozen=True, slots=True)
class Complaint:
    """A check that failed."""

    at: float
    call: str
    player: int
    what: str


class BadRecordError(ValueError):
    """A line is none of ours; the message names it."""


def parse(line: str) -> Record | Complaint:
    """Return what a line says. Raises BadRecordError."""
    try:
        kind, at, call, player, rest = line.split(" ", 4)
        if kind == "failed":
            return Complaint(int(at) / 1000, call, int(player), rest.strip())
        if kind != "call" or call not in CALLS:
            raise ValueError
        status, milliseconds, operation, content, rows = rest.split()
        return Record(
            int(at) / 1000, call, int(player), int(status), float(milliseconds),
            None if operation == NONE else operation,
            () if content == NONE else tuple(_position(part) for part in content.split(",")),
            None if rows == NONE else tuple(rows.split(",")),
        )  # fmt: skip
    except ValueError:
        raise BadRecordError(f"not a line of a load tool: {line.strip()[:200]!r}") from None


def _position(text: str) -> tuple[int, int]:
    item, _, quantity = text.partition(":")
    return int(item), int(quantity)


def read_all(paths: Iterable[Path]) -> tuple[list[Record], list[Complaint]]:
    """Return the calls of all files in the order of their answers, and the failed checks. Raises BadRecordError."""
    records: list[Record] = []
    complaints: list[Complaint] = []
    for path in paths:
        with path.open(encoding="utf-8") as file:
            for line in file:
                entry = parse(line)
                if isinstance(entry, Record):
                    records.append(entry)
                else:
                    complaints.append(entry)
    records.sort(key=lambda record: record.at)
    return records, complaints


class Tail:
    """Reads what was added to a file since the last look; a line that is still being written waits."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def fresh(self) -> Iterator[Record]:
        """Yield the calls recorded since the last look."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._offset)
            block = file.read()
        whole = block[: block.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.decode("utf-8").splitlines():
            entry = parse(line)
            if isinstance(entry, Record):
                yield entry


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` (0 to 1) of the values do not exceed; 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]


@dataclass(frozen=True)
class CallSummary:
    """The answers to one call, times in milliseconds."""

    call: str
    count: int
    failures: int
    p50: float
    p95: float
    p99: float
    slowest: float


def by_call(records: Iterable[Record]) -> list[CallSummary]:
    """Return a summary for each call that was made."""
    grouped: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        grouped[record.call].append(record)
    found = []
    for call in CALLS:
        made = grouped.get(call)
        if made:
            times = [record.milliseconds for record in made]
            p50, p95, p99 = (percentile(times, share) for share in (0.5, 0.95, 0.99))
            found.append(CallSummary(call, len(made), sum(r.failed for r in made), p50, p95, p99, max(times)))
    return found


class Served:
    """How many calls had been answered by a given time."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._times = sorted(record.at for record in records)

    def by(self, at: float) -> int:
        """Return the number of calls answered up to a time in seconds since the epoch."""
        return bisect.bisect_right(self._times, at)
