"""What a trouble did to those who called meanwhile, as a row of a table (laws 1 to 7, 4.13)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from history.judge import Judgement
from history.records import AGAIN, MARK, Record
from reporting.pictures import table


@dataclass(frozen=True)
class Outcome:
    """One trouble during one mix of calls. ``unavailable`` are 503, ``unknown`` other 5xx and calls without an answer;
    ``repeated`` is how often one of those was sent again, ``failed`` how many had no other answer in the end.
    ``recovery_seconds`` is how long after the trouble had ended the last call failed; ``readiness`` what an instance
    told of itself meanwhile, and ``ready_again_seconds`` how long after all parts were back all were ready.
    """

    trouble: str
    seed: int
    calls: int
    ok: int
    refused: int
    unavailable: int
    unknown: int
    repeated: int
    failed: int
    not_serial: int
    undecided: int
    longest_wait_seconds: float
    recovery_seconds: float
    readiness: str
    ready_again_seconds: float
    checked_in_seconds: float


def outcome(
    trouble: str, seed: int, records: Sequence[Record], found: Sequence[Judgement], readiness: str, again: float
) -> Outcome:
    """Return what a trouble did. The records are those of the players who were judged, and the marks."""
    begun = min((one.start for one in records if one.kind not in (None, "reservation")), default=0.0)
    records = [one for one in records if one.start >= begun]
    calls = [one for one in records if one.kind is not None]
    failed = [one for one in calls if one.outcome == "unknown"]
    unavailable = sum(one.status == 503 for one in failed)
    ended = max((one.end for one in records if one.method == MARK), default=0.0)
    return Outcome(
        trouble, seed, len(calls), sum(one.outcome == "ok" for one in calls),
        sum(one.outcome == "refused" for one in calls), unavailable, len(failed) - unavailable,
        sum(AGAIN in one.id for one in calls), len(_last(calls) & {one.id for one in failed}),
        sum(one.verdict == "not serial" for one in found), sum(one.verdict == "undecided" for one in found),
        round(max((one.end - one.start for one in calls), default=0.0), 3),
        round(max((one.end - ended for one in failed if one.end > ended > 0), default=0.0), 3),
        readiness, round(again, 3),
        round(sum(one.seconds for one in found), 3),
    )  # fmt: skip


def _last(calls: Sequence[Record]) -> set[str]:
    """Return the ids of calls that were not sent again."""
    last: dict[str, str] = {}
    for one in sorted(calls, key=lambda one: one.start):
        last[one.id.partition(AGAIN)[0]] = one.id
    return set(last.values())


def as_table(outcomes: Sequence[Outcome]) -> str:
    """Return outcomes as an HTML table."""
    rows = [asdict(one) for one in outcomes]
    return table([name.replace("_", " ") for name in rows[0]] if rows else [], (row.values() for row in rows))


def write(outcomes: Sequence[Outcome], folder: Path) -> Path:
    """Write outcomes to ``resilience.json`` in a folder; return the file."""
    file = folder / "resilience.json"
    file.write_text(json.dumps([asdict(one) for one in outcomes], indent=1) + "\n", encoding="utf-8")
    return file
