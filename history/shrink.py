"""Finds a small part of a history that has no order by itself: what a person needs to look at."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from history.model import INF, Step, only
from history.search import Limits, Result, search

_TRY = Limits(seconds=2.0, places=20_000)
_SECONDS = 20.0


@dataclass(frozen=True)
class Part:
    """Steps without an order, the ledger that they begin with, how many calls made that, and what the search met."""

    steps: tuple[Step, ...]
    start: tuple[int, ...]
    before: int
    result: Result


def smallest(steps: Sequence[Step], start: Sequence[int], result: Result) -> Part:
    """Return a part of steps that have no order, no greater than it has to be. It never takes a write away alone.

    What may go: calls after the one that no order gets past, what the others say of other slots, calls that only look,
    and a beginning that can only have gone one way.
    """
    deadline = time.monotonic() + _SECONDS
    stuck = result.stuck
    if stuck is None:
        raise ValueError("there is an order: nothing is stuck")
    kept, state = _until(steps, stuck.end), tuple(start)

    def fails(some: Sequence[Step], begin: tuple[int, ...]) -> bool:
        return time.monotonic() < deadline and search(some, begin, _TRY).verdict == "not serial"

    kept = _fewer_slots(kept, stuck, lambda some: fails(some, state))
    kept = _fewer_watchers(kept, stuck, lambda some: fails(some, state))
    kept, state, before = _later_start(kept, state, deadline)
    found = search(kept, state)
    return Part(tuple(kept), state, before, found if found.verdict == "not serial" else result)


def _until(steps: Sequence[Step], end: float) -> list[Step]:
    """Return what had begun by then; what had not ended may have been or not."""
    begun = [step for step in steps if step.start <= end]
    return [step if step.end <= end else replace(step, end=INF, is_optional=True) for step in begun]


def _says_something(step: Step) -> bool:
    return any(choice.guards or choice.changes for choice in step.choices) or not step.choices


def _slots_of(steps: Sequence[Step]) -> set[int]:
    return {slot for step in steps for choice in step.choices for slot, *_ in (*choice.guards, *choice.changes)}


def _fewer_slots(steps: list[Step], stuck: Step, fails: Callable[[Sequence[Step]], bool]) -> list[Step]:
    """Return the steps as far as they speak of some slots: of one that the stuck call saw, or of all that it saw."""
    seen = _slots_of([stuck])
    for some in [*({slot} for slot in sorted(seen)), seen]:
        fewer = [step for step in (only(step, some) for step in steps) if _says_something(step)]
        if fails(fewer):
            return fewer
    # Else an operation's state or another balance matters: leave out, by halves, what does not.
    size = max(1, len(_slots_of(steps)) // 2)
    while size:
        slots = sorted(_slots_of(steps))
        for n in range(0, len(slots), size):
            kept = _slots_of(steps) - set(slots[n : n + size])
            fewer = [step for step in (only(step, kept) for step in steps) if _says_something(step)]
            if fails(fewer):
                steps = fewer
        size //= 2
    return steps


def _only_looks(step: Step) -> bool:
    return all(not choice.changes for choice in step.choices)


def _fewer_watchers(steps: list[Step], stuck: Step, fails: Callable[[Sequence[Step]], bool]) -> list[Step]:
    size = max(1, len(steps) // 2)
    while True:
        looks = [step for step in steps if _only_looks(step) and step.record is not stuck.record]
        for n in range(0, len(looks), size):
            gone = {id(step) for step in looks[n : n + size]}
            fewer = [step for step in steps if id(step) not in gone]
            if fails(fewer):
                steps = fewer
        if size == 1:
            return steps
        size //= 2


def _later_start(steps: list[Step], start: tuple[int, ...], deadline: float) -> tuple[list[Step], tuple[int, ...], int]:
    """Put a beginning that only ends in one ledger into that: up to an instant at which no call is under way."""
    total = len(steps)
    latest = max((step.start for step in steps), default=0.0)
    ends = sorted({step.end for step in steps if step.end < latest}, reverse=True)
    for end in ends:
        if time.monotonic() > deadline:
            break
        first, rest = [s for s in steps if s.end <= end], [s for s in steps if s.end > end]
        # What was missed, or came too early, is a write: one of them stays to be seen.
        if any(step.start <= end for step in rest) or all(_only_looks(step) for step in rest):
            continue
        found = search(first, start, _TRY, wants_ends=True)
        if found.verdict == "serial" and len(found.ends) == 1:
            steps, start = rest, next(iter(found.ends))
            break
    needs = min((s.start for s in steps if s.is_optional or any(c.guards for c in s.choices)), default=INF)
    plain = [s for s in steps if s.end < needs and len(s.choices) == 1 and not s.choices[0].guards]
    if plain and all(_only_looks(step) for step in steps if step not in plain):
        plain.remove(max(plain, key=lambda step: step.end))
    after = list(start)
    for step in plain:
        for slot, by in step.choices[0].changes:
            after[slot] += by
    gone = {id(step) for step in plain}
    steps = [step for step in steps if id(step) not in gone]
    return steps, tuple(after), total - len(steps)
