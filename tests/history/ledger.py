"""A ledger as plain as it can be, which the checker is compared with, and histories of callers who use it at once."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from history.model import INF
from history.records import Record

USER = "6f1c0a34-0000-4000-8000-000000000001"
ITEMS = ("aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002")
_PATHS = {"add": "add-items", "return": "return-reserve", "consume": "consume-reserve"}


@dataclass(frozen=True)
class Ask:
    """What a caller asks for: ``lines`` are (item, quantity)."""

    kind: str
    lines: tuple[tuple[str, int], ...] = ()
    operation: str | None = None
    section: str = "main"


Answer = tuple[int, Any]


class Ledger:
    """One player's ledger, one call at a time."""

    def __init__(self) -> None:
        self.balances: dict[tuple[str, str], int] = defaultdict(int)
        self.written: dict[str, Any] = {}
        self.states: dict[str, str] = {}

    def copy(self) -> Ledger:
        made = Ledger()
        made.balances = defaultdict(int, self.balances)
        made.written, made.states = dict(self.written), dict(self.states)
        return made

    def answer(self, ask: Ask) -> Answer:
        """Do what is asked, by the contract's rules of both origins, and answer."""
        if ask.kind in ("add", "reserve", "adjust") and ask.operation in self.written:
            same = self.written[ask.operation] == (ask.kind, ask.section, ask.lines)
            return (200, {"operation_ids": []}) if same else (409, {"error": "operation_conflict"})
        answered: Answer = getattr(self, f"_{ask.kind}")(ask)
        if ask.kind in ("add", "reserve", "adjust") and answered[0] == 200 and ask.operation:
            self.written[ask.operation] = (ask.kind, ask.section, ask.lines)
        return answered

    def _add(self, ask: Ask) -> Answer:
        for item, quantity in ask.lines:
            self.balances[ask.section, item] += quantity
        return 200, {"operation_ids": []}

    def _reserve(self, ask: Ask) -> Answer:
        short = [
            {"item_id": item, "required": quantity, "available": self.balances["main", item]}
            for item, quantity in ask.lines
            if self.balances["main", item] < quantity
        ]
        if short:
            return 400, {"error": "insufficient_items", "missing_items": short}
        for item, quantity in ask.lines:
            self.balances["main", item] -= quantity
            self.balances["factory", item] += quantity
        self.states[str(ask.operation)] = "active"
        return 200, {"operation_ids": []}

    def _return(self, ask: Ask) -> Answer:
        return self._end(ask, "returned")

    def _consume(self, ask: Ask) -> Answer:
        return self._end(ask, "consumed")

    def _end(self, ask: Ask, state: str) -> Answer:
        operation = str(ask.operation)
        if operation not in self.states:
            return 404, {"error": "operation_not_found"}
        if self.states[operation] != "active":
            return 409, {"error": "reservation_not_active"}
        lines = self.written[operation][2]
        if any(self.balances["factory", item] < quantity for item, quantity in lines):
            return 400, {"error": "insufficient_items"}
        for item, quantity in lines:
            self.balances["factory", item] -= quantity
            if state == "returned":
                self.balances["main", item] += quantity
        self.states[operation] = state
        return 200, {"operation_ids": []}

    def _adjust(self, ask: Ask) -> Answer:
        if any(self.balances[ask.section, item] + change < 0 for item, change in ask.lines):
            return 400, {"error": "insufficient_items"}
        for item, change in ask.lines:
            self.balances[ask.section, item] += change
        final = [{"item_id": item, "quantity": self.balances[ask.section, item]} for item, _ in ask.lines]
        return 200, {"operation_ids": [], "final_balances": final}

    def _read(self, ask: Ask) -> Answer:
        items = [
            {"item_id": item, "item_type": "stone", "quantity": self.balances[ask.section, item]}
            for item in ITEMS
            if self.balances[ask.section, item] > 0
        ]
        return 200, {"items": items}

    def _reservation(self, ask: Ask) -> Answer:
        state = self.states.get(str(ask.operation))
        if state is None:
            return 404, {"reservation_exists": False}
        return 200, {"reservation_exists": True, "status": state, "user_id": USER}


@dataclass(frozen=True)
class Seen:
    """A call as its caller saw it; ``answer`` None: none came."""

    ask: Ask
    start: float
    end: float
    answer: Answer | None


def records_of(calls: Sequence[Seen]) -> list[Record]:
    """Return calls as the recorder writes them."""
    return [_record(number, seen) for number, seen in enumerate(calls)]


def _record(number: int, seen: Seen) -> Record:
    ask = seen.ask
    name = "quantity_change" if ask.kind == "adjust" else "quantity"
    named = {"user_id": USER, "operation_id": ask.operation}
    sent: dict[str, Any] | None = named
    if ask.kind in ("add", "reserve", "adjust"):
        sent = {**named, "section": ask.section, "items": [{"item_id": i, name: q} for i, q in ask.lines]}
    path, query = f"/inventory/{_PATHS.get(ask.kind, ask.kind)}", ""
    if ask.kind == "read":
        path, query, sent = "/inventory", f"section={ask.section}", None
    if ask.kind == "reservation":
        path, sent = f"/inventory/reservation/{ask.operation}", None
    user = None if ask.kind == "reservation" else USER
    status, got = seen.answer or (None, None)
    method = "GET" if sent is None else "POST"
    return Record(f"t.{number}", str(number), seen.start, seen.end, user, method, path, query, sent, status, got)


def is_serial(calls: Sequence[Seen]) -> bool:
    """Say whether the calls have an order, by trying every one of them."""
    numbers = range(len(calls))
    unknown = [n for n in numbers if calls[n].answer is None]
    for count in range(len(unknown) + 1):
        for absent in itertools.combinations(unknown, count):
            done = [calls[n] for n in numbers if n not in absent]
            if any(_explains(order) for order in itertools.permutations(done)):
                return True
    return False


def _explains(order: Sequence[Seen]) -> bool:
    latest_start = -INF
    for one in order:
        if (one.end if one.answer else INF) < latest_start:
            return False
        latest_start = max(latest_start, one.start)
    ledger = Ledger()
    return all(_fits(one, ledger) for one in order)


def _fits(one: Seen, ledger: Ledger) -> bool:
    before = ledger.copy()
    found = ledger.answer(one.ask)
    if one.answer is None:
        return found[0] == 200
    if one.answer == found:
        return True
    status = one.answer[0]
    if one.ask.kind in ("return", "consume"):
        # 404 and 409 both say that it is not active; the same end again may be answered as the repeat that it is.
        ended = {"return": "returned", "consume": "consumed"}[one.ask.kind]
        return (status in (404, 409) and found[0] in (404, 409)) or (
            status == 200 and before.states.get(str(one.ask.operation)) == ended
        )
    if one.ask.kind == "adjust" and one.ask.section == "factory" and status == 400:
        ledger.__dict__.update(before.__dict__)
        return True
    return False


def run(
    asks: Sequence[Ask], workers: int, chance: random.Random, unknown: float = 0.0,
    spoil: Callable[[Ledger, Ask, Answer], Answer] | None = None, pause: float = 1.0,
) -> list[Seen]:  # fmt: skip
    """Return what callers see who send these calls, each worker one after the other, to a ledger that keeps its rules.

    ``spoil`` may change the ledger and answers after each call: then it keeps them no longer.
    """
    free = [0.0] * workers
    points = []
    for ask in asks:
        worker = min(range(workers), key=free.__getitem__)
        start = free[worker] + chance.random() * pause
        end = start + 0.1 + chance.random()
        free[worker] = end
        points.append((start + (end - start) * chance.random(), start, end, ask))
    ledger, seen = Ledger(), []
    for _, start, end, ask in sorted(points, key=lambda point: point[0]):
        if chance.random() < unknown:
            if chance.random() < 0.5:
                ledger.answer(ask)
            seen.append(Seen(ask, start, end, None))
            continue
        answer = ledger.answer(ask)
        seen.append(Seen(ask, start, end, spoil(ledger, ask, answer) if spoil else answer))
    return sorted(seen, key=lambda one: one.start)


def mixed(count: int, chance: random.Random, most: int = 4) -> list[Ask]:
    """Return calls that collide: of every kind, on two items, earlier operation ids among them."""
    asks: list[Ask] = [Ask("add", ((ITEMS[0], 20), (ITEMS[1], 20)), "first")]
    reserved: list[str] = []
    for number in range(count - 1):
        lines = tuple((item, chance.randint(1, most)) for item in chance.sample(ITEMS, chance.choice([1, 1, 2])))
        kind = chance.choice(["add", "reserve", "reserve", "end", "end", "adjust", "read", "read", "read", "again"])
        if kind == "end" and reserved:
            operation = chance.choice(reserved[-6:])
            asks.append(Ask(chance.choice(["return", "consume", "reservation"]), (), operation))
        elif kind == "again":
            asks.append(chance.choice(asks[-10:]))
        elif kind == "read":
            asks.append(Ask("read", section=chance.choice(["main", "main", "factory"])))
        elif kind == "adjust":
            asks.append(Ask("adjust", tuple((item, chance.choice([-1, 1]) * q) for item, q in lines)))
        else:
            asks.append(Ask("reserve" if kind == "reserve" else "add", lines, f"op-{number}"))
            if kind == "reserve":
                reserved.append(f"op-{number}")
    return asks


def without_answer(seen: Seen) -> Seen:
    """Return a call whose answer got lost."""
    return replace(seen, answer=None)
