"""Judges a whole history: each player by itself."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from history.evidence import with_evidence
from history.model import Problem, problems, split
from history.picture import of_part
from history.records import MARK, Record
from history.search import Limits, Verdict, search
from history.shrink import Part, smallest
from history.words import Words, types_of


@dataclass
class Judgement:
    """What was found of one player: how many calls were judged, and what contradicts itself."""

    user: str
    calls: int
    verdict: Verdict = "serial"
    places: int = 0
    seconds: float = 0.0
    not_judged: Counter[str] = field(default_factory=Counter)
    sentence: str = ""
    picture: str = ""
    part: Part | None = None
    # How many calls had ended when the history was seen to have no order.
    seen_after: int = 0


def judge(
    records: Sequence[Record], *, hardening: bool = False, limits: Limits | None = None,
    users: Collection[str] | None = None,
) -> list[Judgement]:  # fmt: skip
    """Judge the history of each player, or of some, whose ledgers were empty where the records begin (law 7)."""
    limits = limits or Limits()
    words = Words(types_of(records))
    wanted = None if users is None else {user.lower() for user in users}
    marks = [one for one in records if one.method == MARK]
    return [_judged(one, limits, words, marks) for one in problems(records, hardening, wanted)]


def problem_of(found: Sequence[Judgement]) -> str | None:
    """Return in words why a history does not count as serial, None when it does. One without calls does not."""
    for one in sorted(found, key=lambda one: one.verdict != "not serial"):
        if one.verdict != "serial" or one.not_judged:
            seen = f" (seen when {one.seen_after} of {one.calls} calls had ended)" if one.seen_after else ""
            return f"{one.verdict}: {one.sentence or ', '.join(one.not_judged)}{seen}"
    return None if sum(one.calls for one in found) else "nobody has called about these players"


def in_short(found: Sequence[Judgement]) -> str:
    """Return how much was judged, and how long it took."""
    return "; ".join(f"{one.calls} calls in {one.seconds:.2f} s at {one.places} places" for one in found)


def _judged(problem: Problem, limits: Limits, words: Words, marks: Sequence[Record]) -> Judgement:
    started = time.monotonic()
    found = Judgement(problem.user, len(problem.steps), not_judged=problem.not_judged)
    # Small parts first: a contradiction in one of them is found soonest.
    steps_known = with_evidence(problem.steps, problem.start, problem.registers)
    for steps in sorted(split(steps_known), key=len):
        left = limits.seconds - (time.monotonic() - started)
        result = search(steps, problem.start, Limits(max(left, 0.01), limits.places))
        found.places += result.places
        if result.verdict == "undecided" and found.verdict == "serial":
            found.verdict = "undecided"
            found.sentence = (
                f"{len(steps)} calls that depend on each other could not be decided within {limits.seconds:g} s and "
                f"{limits.places} places ({result.places} looked at)"
            )
        if result.verdict == "not serial":
            found.verdict = "not serial"
            part = found.part = smallest(steps, problem.start, result)
            found.sentence = words.contradiction(problem, part)
            found.picture = of_part(part, words, problem.names, marks)
            end = result.stuck.end if result.stuck else 0.0
            found.seen_after = sum(step.record.end <= end for step in problem.steps)
            break
    found.seconds = time.monotonic() - started
    return found
