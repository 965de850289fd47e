"""Looks for a one-at-a-time order of steps that respects real time.

Wing and Gong's search with Lowe's memory of where it has been, as in Porcupine, and four shortcuts: a step that takes
nothing from any other that may come before it is taken at once; of steps that are alike only the one that ends first
is tried; steps whose outcome nobody knows come last; and what an order has left behind is kept as a small window.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, takewhile
from typing import Literal

from history.model import INF, Choice, Guard, Step

Verdict = Literal["serial", "not serial", "undecided"]
# A place that the search has been at takes about 350 bytes.
MOST_PLACES = 1_000_000
SECONDS = 60.0
_STATES_KEPT = 200
_CLOCK_EVERY = 256


@dataclass(frozen=True)
class Limits:
    """How long one search may take, in seconds, and at how many places it may look."""

    seconds: float = SECONDS
    places: int = MOST_PLACES


@dataclass
class Result:
    """What a search found.

    ``stuck`` is the first step, by its end, that no order gets past; ``states`` are ledgers that it met there. ``ends``
    are those in which a whole order may end, where they were asked for.
    """

    verdict: Verdict
    places: int = 0
    stuck: Step | None = None
    states: list[tuple[int, ...]] = field(default_factory=list)
    ends: set[tuple[int, ...]] = field(default_factory=set)


Place = tuple[int, int, int, tuple[int, ...]]


class _Search:
    """One search. ``base`` is the first step that was not taken, ``mask`` what was taken from there on."""

    def __init__(self, steps: Sequence[Step], limits: Limits, room: _Room | None = None) -> None:
        self._room = room
        self._must = [step for step in steps if step.end < INF]
        # Whoever got no answer did something soon or not at all: the latest are tried first.
        self._may = [step for step in reversed(steps) if step.end == INF]
        # Those that must have been all the same, whenever that was.
        self._owed = sum(1 << n for n, step in enumerate(self._may) if not step.is_optional)
        self._starts = [step.start for step in self._must]
        self._ends = [step.end for step in self._must]
        # By step: those that had begun before it and not ended.
        self._under_way: list[list[int]] = []
        for n, start in enumerate(self._starts):
            before = [*self._under_way[-1], n - 1] if n else []
            self._under_way.append([one for one in before if self._ends[one] >= start])
        self._limits = limits
        kinds: dict[tuple[Choice, ...], int] = {}
        self._kinds = [kinds.setdefault(step.choices, len(kinds)) for step in self._must]
        self._may_kinds = [kinds.setdefault(step.choices, len(kinds)) for step in self._may]
        self._choices = list(kinds)
        # By kind: what a step that changes nothing may have seen; None where it changes something.
        self._watched = [
            None if any(choice.changes for choice in choices) else tuple(choice.guards for choice in choices)
            for choices in self._choices
        ]
        self._robs: dict[tuple[int, int], bool] = {}
        self._rivals: list[tuple[list[int], int] | None] = [None] * len(self._must)
        self._furthest = -INF
        self.result = Result("not serial")

    def run(self, start: tuple[int, ...], wants_ends: bool) -> Result:
        """Search from a ledger; until the first order is found, or all that are there when their ends are wanted."""
        result, deadline = self.result, time.monotonic() + self._limits.seconds
        been: set[Place] = set()
        waiting: list[Place] = [(0, 0, 0, start)]
        while waiting:
            reached = waiting.pop()
            if reached in been:
                continue
            been.add(reached)
            place, found, first = self._settled(reached)
            if place != reached:
                if place in been:
                    continue
                been.add(place)
            result.places += 1
            if len(been) > self._limits.places or (result.places % _CLOCK_EVERY == 0 and time.monotonic() > deadline):
                result.verdict = "undecided"
                return result
            if not found and not self._owed & ~place[2]:
                result.verdict = "serial"
                result.ends.add(place[3])
                if not wants_ends:
                    return result
            # The last one is looked at first.
            waiting.extend(reversed(list(self._next(place, found, first))))
        return result

    def _settled(self, place: Place) -> tuple[Place, list[int], float]:
        """Take all steps that cost nothing. Return the place where there is something to decide, the steps that may
        come next there, and the first end among them.
        """
        base, mask, may, state = place
        starts, ends, kinds, watched, count = self._starts, self._ends, self._kinds, self._watched, len(self._starts)
        while True:
            found, first = [], INF
            n, bit = base, 1
            while n < count and starts[n] <= first:
                if not mask & bit:
                    views = watched[kinds[n]]
                    if views is not None and _is_seen(views, state):
                        mask |= bit
                    else:
                        found.append(n)
                        if ends[n] < first:
                            first = ends[n]
                n += 1
                bit <<= 1
            base, mask, state = self._slid(base, mask, state)
            for n in found:
                if watched[kinds[n]] is None and self._is_free(n, base, mask, may, state):
                    mask |= 1 << (n - base)
                    state = _after(self._choices[kinds[n]][0], state)
                    break
            else:
                return (base, mask, may, state), found, first

    def _is_free(self, n: int, base: int, mask: int, may: int, state: tuple[int, ...]) -> bool:
        """Say whether nothing is lost by taking a step now."""
        choices = self._choices[self._kinds[n]]
        if len(choices) > 1 or not _is_seen((choices[0].guards,), state):
            return False
        rivals, optional = self._rivals_of(n)
        if optional & ~may:
            return False
        return all(other < base or mask >> (other - base) & 1 for other in rivals)

    def _rivals_of(self, n: int) -> tuple[list[int], int]:
        """Return the steps that may come before this one and would no longer be what they were after it."""
        known = self._rivals[n]
        if known is None:
            starts, end = self._starts, self._ends[n]
            mine = self._kinds[n]
            later = takewhile(lambda other: starts[other] <= end, range(n + 1, len(starts)))
            found = [o for o in chain(self._under_way[n], later) if self._takes_from(mine, self._kinds[o])]
            optional = 0
            for other, step in enumerate(self._may):
                if step.start <= end and self._takes_from(mine, self._may_kinds[other]):
                    optional |= 1 << other
            known = self._rivals[n] = (found, optional)
        return known

    def _takes_from(self, one: int, other: int) -> bool:
        """Say whether a step of one kind can take from another what that needs."""
        key = one, other
        if key not in self._robs:
            by: dict[int, int] = {}
            for choice in self._choices[one]:
                by |= dict(choice.changes)
            self._robs[key] = any(
                (by.get(slot, 0) > 0 and most < 2**69) or (by.get(slot, 0) < 0 and least > -(2**69))
                for choice in self._choices[other]
                for slot, least, most in choice.guards
            )
        return self._robs[key]

    def _next(self, place: Place, found: list[int], first: float) -> Iterator[Place]:
        """Yield the places one step further. Notes where there is none."""
        base, mask, may, state = place
        found.sort(key=self._ends.__getitem__)
        some = False
        for n in self._different(found, self._kinds):
            for after in self._outcomes(self._kinds[n], state):
                some = True
                then, rest, left = self._slid(base, mask | 1 << (n - base), after)
                yield then, rest, may, left
        begun = [n for n, step in enumerate(self._may) if step.start <= first and not may >> n & 1]
        # Of those that are alike, the one that began first could have been any of the others.
        first_of = {self._may_kinds[n]: n for n in begun}
        for n in (first_of[self._may_kinds[n]] for n in self._different(begun, self._may_kinds)):
            for after in self._outcomes(self._may_kinds[n], state):
                some = True
                yield base, mask, may | 1 << n, after
        if not some:
            late = [step for n, step in enumerate(self._may) if self._owed & ~may & 1 << n]
            for step in [*(self._must[n] for n in found), *late][:1]:
                self._note(step, state)

    @staticmethod
    def _different(steps: Iterable[int], kinds: Sequence[int]) -> Iterator[int]:
        seen: set[int] = set()
        for n in steps:
            if kinds[n] not in seen:
                seen.add(kinds[n])
                yield n

    def _outcomes(self, kind: int, state: tuple[int, ...]) -> list[tuple[int, ...]]:
        return [_after(choice, state) for choice in self._choices[kind] if _is_seen((choice.guards,), state)]

    def _slid(self, base: int, mask: int, state: tuple[int, ...]) -> tuple[int, int, tuple[int, ...]]:
        """Return where the window begins now, and the ledger without what matters no longer."""
        if not mask & 1:
            return base, mask, state
        gone: list[int] = []
        while mask & 1:
            if self._room is not None and base in self._room.emptied:
                gone += self._room.emptied[base]
            mask >>= 1
            base += 1
        if gone:
            left = list(state)
            for place in gone:
                left[place] = 0
            state = tuple(left)
        return base, mask, state

    def _note(self, step: Step, state: tuple[int, ...]) -> None:
        end, result = step.end, self.result
        if end > self._furthest:
            self._furthest, result.stuck = end, step
            result.states.clear()
        if end == self._furthest and len(result.states) < _STATES_KEPT:
            result.states.append(state)


def _is_seen(views: tuple[tuple[Guard, ...], ...], state: tuple[int, ...]) -> bool:
    """Say whether one of the views is what the ledger shows."""
    for guards in views:
        for slot, least, most in guards:
            if not least <= state[slot] <= most:
                break
        else:
            return True
    return False


def _after(choice: Choice, state: tuple[int, ...]) -> tuple[int, ...]:
    if not choice.changes:
        return state
    after = list(state)
    for slot, by in choice.changes:
        after[slot] += by
    return tuple(after)


class _Room:
    """Puts slots that are never needed at the same time into one place, so that ledgers stay small.

    An operation id matters from the first call that names it to the last: a long history has thousands, of which a
    dozen matter at once.
    """

    def __init__(self, steps: Sequence[Step], start: tuple[int, ...]) -> None:
        must = [step for step in steps if step.end < INF]
        lasting = {slot for slot, value in enumerate(start) if value}
        lasting |= {slot for step in steps if step.end == INF for slot in _slots_of(step)}
        spans: dict[int, tuple[int, int]] = {}
        latest, ends = -INF, []
        for n, step in enumerate(must):
            latest = max(latest, step.end)
            ends.append(latest)
            for slot in _slots_of(step):
                spans[slot] = (spans.get(slot, (n, n))[0], n)
        self.places: dict[int, int] = {slot: n for n, slot in enumerate(sorted(lasting))}
        self.emptied: dict[int, list[int]] = {}
        self.start = [start[slot] for slot in sorted(lasting)]
        free: list[tuple[float, int]] = []
        for slot, (first, last) in sorted(spans.items(), key=lambda span: span[1]):
            if slot in lasting:
                continue
            if free and free[0][0] < must[first].start:
                place = heapq.heappop(free)[1]
            else:
                place = len(self.start)
                self.start.append(0)
            self.places[slot] = place
            # By the end of all that may come before it is over, another slot can have the place.
            heapq.heappush(free, (ends[last], place))
            self.emptied.setdefault(last, []).append(place)

    def moved(self, step: Step) -> Step:
        """Return a step that speaks of places."""
        place = self.places
        return replace(step, choices=tuple(
            Choice(tuple((place[slot], least, most) for slot, least, most in choice.guards),
                   tuple((place[slot], by) for slot, by in choice.changes))
            for choice in step.choices
        ))  # fmt: skip


def _slots_of(step: Step) -> Iterator[int]:
    for choice in step.choices:
        for slot, *_ in (*choice.guards, *choice.changes):
            yield slot


def search(
    steps: Sequence[Step], start: Sequence[int], limits: Limits | None = None, wants_ends: bool = False
) -> Result:
    """Say whether the steps, which are sorted by their start, have an order that begins with this ledger."""
    begin, limits = tuple(start), limits or Limits()
    if wants_ends:
        return _Search(steps, limits).run(begin, wants_ends=True)
    room = _Room(steps, begin)
    moved = [room.moved(step) for step in steps]
    result = _Search(moved, limits, room).run(tuple(room.start), wants_ends=False)
    if result.stuck is not None:
        stuck = result.stuck = steps[next(n for n, step in enumerate(moved) if step is result.stuck)]
        states = []
        for state in result.states:
            whole = list(begin)
            for slot in _slots_of(stuck):
                whole[slot] = state[room.places[slot]]
            states.append(tuple(whole))
        result.states = states
    return result
