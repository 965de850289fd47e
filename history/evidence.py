"""What later answers tell of calls that got none: whether they were, and when at the latest or the earliest.

A player asks for a reservation, gets no answer, and is told later that it is active: then it was made, and before that
answer. Each operation id is looked at by itself, which takes a handful of calls; the search that follows has so much
less to guess.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from history.model import Choice, Step, only
from history.search import Limits, search

_TRY = Limits(seconds=1.0, places=2_000)
_MOST_CALLS = 60


def with_evidence(steps: Sequence[Step], start: Sequence[int], registers: Sequence[int]) -> list[Step]:
    """Return the steps, sorted by their start, without those that cannot have been, and with what must have been."""
    known = list(steps)
    of: dict[int, list[int]] = defaultdict(list)
    wanted = set(registers)
    for n, step in enumerate(steps):
        for slot in {slot for choice in step.choices for slot, *_ in choice.guards} & wanted:
            of[slot].append(n)
    absent: set[int] = set()
    for slot, numbers in of.items():
        if len(numbers) > _MOST_CALLS:
            continue
        for n in numbers:
            if known[n].is_optional and n not in absent:
                _learn(n, slot, [one for one in numbers if one not in absent], known, absent, start)
    return sorted((step for n, step in enumerate(known) if n not in absent), key=lambda step: (step.start, step.end))


def _learn(n: int, slot: int, numbers: list[int], known: list[Step], absent: set[int], start: Sequence[int]) -> None:
    here = {one: _moved(only(known[one], {slot})) for one in numbers}
    begin = [start[slot]]

    def can_be(mine: Step | None) -> bool:
        others = [step for one, step in here.items() if one != n]
        some = sorted([*others, *([mine] if mine else [])], key=lambda step: (step.start, step.end))
        return search(some, begin, _TRY).verdict != "not serial"

    there = replace(here[n], is_optional=False)
    if not can_be(there):
        # When it can neither have been nor not, the search shall say so.
        if can_be(None):
            absent.add(n)
        return
    must = not can_be(None)
    times = sorted({time for one, step in here.items() if one != n for time in (step.start, step.end)})
    earliest = max((t for t in times if t > there.start and t < there.end and not can_be(replace(there, end=t))),
                   default=there.start)  # fmt: skip
    latest = there.end
    if must:
        latest = min((t for t in times if t > earliest and not can_be(replace(there, start=t))), default=there.end)
    known[n] = replace(known[n], start=earliest, end=latest, is_optional=not must)


def _moved(step: Step) -> Step:
    """Return a step that knows one slot, as if that were the only one."""
    return replace(step, choices=tuple(
        Choice(tuple((0, least, most) for _, least, most in choice.guards), tuple((0, by) for _, by in choice.changes))
        for choice in step.choices
    ))  # fmt: skip
