"""The ledger's rules as the checker needs them: what each call may have seen and done (contract, section 4).

A player's ledger is a row of whole numbers, its *slots*: the balance of each variant in each section, and for each
operation id what it stands for so far. A call is a *step* with one or more *choices*; a choice needs some slots to be
within bounds, and then changes some. So the search knows numbers only, and all rules stand here.

What an answer leaves open stays open: how a refusal spells its code, or in which form a repeat is answered, is judged
by other tests. With ``hardening`` the rules of origin H count too (4.11, 4.12).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Any

from history.laws import ADJUSTMENT, BASE, CONSUMPTION, RESERVATION, RETURN
from history.records import LEDGER, Record

INF = float("inf")
MOST = 2**70
Guard = tuple[int, int, int]
Variant = tuple[str, str, str]
MAIN, FACTORY = "main", "factory"
# What the slot of an operation id holds: 0 nothing yet, else 4 times the number of its content and one of these.
_PLAIN, _ACTIVE, _RETURNED, _CONSUMED = range(4)
_STATES = {"active": _ACTIVE, "returned": _RETURNED, "consumed": _CONSUMED}
# By the type of rows, which call wrote them; all others are additions.
_KINDS = {RESERVATION: "reserve", RETURN: "return", CONSUMPTION: "consume", ADJUSTMENT: "adjust"}
_WRITES = ("add", "reserve", "return", "consume", "adjust")


@dataclass(frozen=True)
class Choice:
    """One thing that a call may have been: it needs (slot, least, most), and changes (slot, by)."""

    guards: tuple[Guard, ...] = ()
    changes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Step:
    """A call as the search sees it. ``end`` is infinite, and it may never have been, when nobody knows its outcome."""

    record: Record
    start: float
    end: float
    choices: tuple[Choice, ...]
    is_optional: bool = False


@dataclass
class Problem:
    """All steps of one player, the slots' names, and why some calls could not be judged."""

    user: str
    steps: list[Step] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    # The slots of operation ids.
    registers: list[int] = field(default_factory=list)
    not_judged: Counter[str] = field(default_factory=Counter)


def problems(
    records: Sequence[Record], hardening: bool = False, users: Collection[str] | None = None
) -> list[Problem]:  # fmt: skip
    """Return a problem for each player that the records tell of, or for some (in small letters).

    Where they tell what the ledger held in the end, a call without an answer was or was not (law 5).
    """
    owners: dict[str, str] = {}
    for one in records:
        operation = _text(one.member("operation_id"))
        if one.user and operation:
            owners.setdefault(operation, one.user.lower())
    by_user: dict[str, list[Record]] = defaultdict(list)
    users_of: dict[str, set[str]] = defaultdict(set)
    for one in records:
        if one.kind is None or not _tells_of_a_state(one):
            continue
        user = (one.user or "").lower()
        if one.kind == "reservation":
            user = (_text(one.told("user_id")) or owners.get(_operation_asked(one)) or "").lower()
        if user:
            by_user[user].append(one)
            users_of[_text(one.member("operation_id")) or ""].add(user)
    shared = {operation for operation, users in users_of.items() if operation and len(users) > 1}
    held = {one.user.lower(): one for one in records if one.method == LEDGER and one.user}
    wanted = by_user if users is None else [user for user in by_user if user in users]
    return [_Player(user, by_user[user], shared, hardening, held.get(user)).problem for user in wanted]


def _tells_of_a_state(one: Record) -> bool:
    """Say whether an answer depends on what the player has: other refusals have no effect and no order (4.1)."""
    is_short = one.status == 400 and (one.error == "insufficient_items" or one.told("missing_items") is not None)
    return one.outcome != "refused" or one.status in (404, 409) or is_short


def _operation_asked(record: Record) -> str:
    return record.path.rpartition("/")[2].lower()


def _text(value: Any) -> str | None:
    return value.lower() if isinstance(value, str) else None


def _variant(entry: Any) -> Variant | None:
    item = _text(entry.get("item_id")) if isinstance(entry, dict) else None
    if item is None:
        return None
    collection, quality = (entry.get(name) or BASE for name in ("collection", "quality_level"))
    return (item, collection, quality) if isinstance(collection, str) and isinstance(quality, str) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _quantities(entries: Any, name: str = "quantity") -> dict[Variant, list[int]] | None:
    """Return the quantities of each variant in a list of items, None when it is no such list."""
    found: dict[Variant, list[int]] = {}
    for entry in entries if isinstance(entries, list) else [None]:
        variant = _variant(entry)
        quantity = _number(entry.get(name)) if isinstance(entry, dict) else None
        if variant is None or quantity is None:
            return None
        found.setdefault(variant, []).append(quantity)
    return found


class _Player:
    """Makes the steps of one player."""

    def __init__(
        self, user: str, records: Sequence[Record], shared: set[str], hardening: bool, ledger: Record | None
    ) -> None:
        self.problem = Problem(user)
        self._looked_at = ledger.start if ledger else 0.0
        self._in_ledger = {(one.lower(), _KINDS.get(kind, "add")) for one, kind in ledger.sent} if ledger else set()
        self._asked = Counter((self._operation(one), one.kind) for one in records)
        self._hardening = hardening
        self._shared = shared
        self._slots: dict[Any, int] = {}
        self._contents: dict[str, list[Any]] = defaultdict(list)
        self._held: dict[str, dict[int, dict[Variant, int]]] = defaultdict(dict)
        for one in records:
            self._learn(one)
        uses = Counter(self._operation(one) for one in records)
        self._needs_slot = {operation for operation, count in uses.items() if operation and count > 1}
        again = Counter(self._operation(one) for one in records if one.kind == "reserve" and one.outcome != "refused")
        if not hardening and any(operation and count > 1 for operation, count in again.items()):
            self.problem.not_judged["all calls: reservations were sent again, which only rule 4.11 H explains"] += 1
            records = ()
        for one in records:
            self._take(one)
        self.problem.steps.sort(key=lambda step: (step.start, step.end))
        self.problem.start = [0] * len(self.problem.names)
        self.problem.registers = [slot for key, slot in self._slots.items() if isinstance(key, str)]

    # -- what is known before any order: variants, and which contents an operation id was sent with

    def _learn(self, one: Record) -> None:
        entries = one.told("items") if one.kind == "read" else one.member("items")
        found = [_quantities(entries, "quantity_change" if one.kind == "adjust" else "quantity")]
        if one.kind == "adjust" and one.outcome == "ok":
            found.append(_quantities(one.told("final_balances")))
        for variant in (variant for lines in found for variant in lines or ()):
            for section in (MAIN, FACTORY) if one.kind == "reserve" else (one.section,):
                self._balance(section, variant)
        operation = self._operation(one)
        if operation and one.kind in ("add", "reserve", "adjust"):
            content = self._content(one)
            if content not in self._contents[operation]:
                self._contents[operation].append(content)
            lines = _quantities(one.member("items"))
            if one.kind == "reserve" and lines is not None:
                number = self._contents[operation].index(content) + 1
                self._held[operation][number] = {variant: sum(parts) for variant, parts in lines.items()}

    def _operation(self, one: Record) -> str | None:
        return _operation_asked(one) if one.kind == "reservation" else _text(one.member("operation_id"))

    def _content(self, one: Record) -> Any:
        name = "quantity_change" if one.kind == "adjust" else "quantity"
        lines = _quantities(one.member("items"), name) or {}
        if one.kind == "reserve":
            return "reserve", tuple(sorted((variant, sum(parts)) for variant, parts in lines.items()))
        said = tuple(str(one.member(member)) for member in ("section", "operation_type", "comment", "reason"))
        return one.kind, said, tuple(sorted((variant, tuple(sorted(parts))) for variant, parts in lines.items()))

    def _slot(self, key: Any, name: str) -> int:
        if key not in self._slots:
            self._slots[key] = len(self._slots)
            self.problem.names.append(name)
        return self._slots[key]

    def _balance(self, section: str, variant: Variant) -> int:
        words = " ".join([*(code for code in variant[1:] if code != BASE), f"item {variant[0][:8]}"])
        return self._slot((section, variant), f"{words} in {section}")

    def _register(self, operation: str | None) -> int | None:
        if operation not in self._needs_slot:
            return None
        return self._slot(operation, f"operation {operation}")

    # -- one call

    def _take(self, one: Record) -> None:
        kind = str(one.kind)
        if one.outcome == "unknown" and kind not in _WRITES:
            return
        choices = getattr(self, f"_{kind}")(one)
        if choices is None:
            if one.outcome == "ok":
                self.problem.not_judged[f"{kind}: its request or answer is not understood"] += 1
            return
        is_unknown = one.outcome == "unknown"
        if is_unknown:
            choices = [choice for choice in choices if choice.changes]
            if not choices:
                return
        may_be = is_unknown
        call = self._operation(one), one.kind
        if is_unknown and one.end <= self._looked_at and call[0] and self._asked[call] == 1:
            if call not in self._in_ledger:
                return
            may_be = False
        self.problem.steps.append(Step(one, one.start, INF if is_unknown else one.end, tuple(choices), may_be))

    def _moved(self, changes: dict[tuple[str, Variant], int]) -> tuple[tuple[int, int], ...]:
        return tuple((self._balance(*where), by) for where, by in changes.items() if by)

    def _at_least(self, section: str, lines: dict[Variant, int]) -> list[Guard]:
        return [(self._balance(section, variant), least, MOST) for variant, least in lines.items()]

    def _read(self, one: Record) -> list[Choice] | None:
        if one.outcome != "ok":
            return None
        found = _quantities(one.told("items"))
        if found is None:
            return None
        told = {variant: sum(parts) for variant, parts in found.items()}
        known = [key for key in self._slots if isinstance(key, tuple) and key[0] == one.section]
        guards = [(self._slots[key], told.get(key[1], 0), told.get(key[1], 0)) for key in known]
        return [Choice(tuple(guards))]

    def _add(self, one: Record) -> list[Choice] | None:
        lines = _quantities(one.member("items"))
        if lines is None:
            return None
        changes = self._moved({(one.section, variant): sum(parts) for variant, parts in lines.items()})
        if one.outcome == "refused":
            return self._conflict(one)
        return self._written(one, Choice((), changes), _PLAIN)

    def _written(self, one: Record, effect: Choice, state: int) -> list[Choice]:
        """Return what a call that was answered 200 may have been: written now, or the repeat of an earlier one."""
        operation = self._operation(one)
        register = self._register(operation)
        if register is None or operation is None:
            return [effect]
        code = 4 * (self._contents[operation].index(self._content(one)) + 1) + state
        first = Choice((*effect.guards, (register, 0, 0)), (*effect.changes, (register, code)))
        again = Choice(((register, code, code | 3 if state == _ACTIVE else code),))
        if self._hardening:
            return [first, again]
        # That a repeat writes nothing, and that other content is refused, is hardening.
        return [first, Choice(((register, 1, MOST),)), Choice((*effect.guards, (register, 1, MOST)), effect.changes)]

    def _conflict(self, one: Record) -> list[Choice] | None:
        operation = self._operation(one)
        register = self._register(operation)
        if one.status != 409 or one.error != "operation_conflict" or operation in self._shared or operation is None:
            return None
        if register is None:
            return []
        if not self._hardening:
            # How the same call is answered again, and while the first is under way, only hardening promises.
            return None
        number = self._contents[operation].index(self._content(one)) + 1
        return [Choice(((register, 1, 4 * number - 1),)), Choice(((register, 4 * number + 4, MOST),))]

    def _short(self, one: Record, section: str, wanted: dict[Variant, int], is_simple: bool) -> list[Choice] | None:
        """Return what a refusal for too little saw: `missing_items`, or that one of the variants was short (4.5)."""
        if one.status != 400 or (one.error != "insufficient_items" and one.told("missing_items") is None):
            return None
        register = self._register(self._operation(one))
        fresh = ((register, 0, 0),) if register is not None and self._hardening else ()
        available = _quantities(one.told("missing_items"), "available") if is_simple else None
        if available and all(len(parts) == 1 and parts[0] < wanted.get(v, 0) for v, parts in available.items()):
            guards = [(self._balance(section, v), parts[0], parts[0]) for v, parts in available.items()]
            return [Choice((*fresh, *guards))]
        return [
            Choice((*fresh, (self._balance(section, v), -MOST, least - 1))) for v, least in wanted.items() if least > 0
        ]

    def _reserve(self, one: Record) -> list[Choice] | None:
        lines = _quantities(one.member("items"))
        if lines is None:
            return None
        wanted = {variant: sum(parts) for variant, parts in lines.items()}
        if one.outcome == "refused":
            is_simple = all(len(parts) == 1 for parts in lines.values())
            return self._conflict(one) if one.status == 409 else self._short(one, MAIN, wanted, is_simple)
        moved = {(MAIN, v): -q for v, q in wanted.items()} | {(FACTORY, v): q for v, q in wanted.items()}
        return self._written(one, Choice(tuple(self._at_least(MAIN, wanted)), self._moved(moved)), _ACTIVE)

    def _return(self, one: Record) -> list[Choice] | None:
        return self._end(one, _RETURNED)

    def _consume(self, one: Record) -> list[Choice] | None:
        return self._end(one, _CONSUMED)

    def _end(self, one: Record, state: int) -> list[Choice] | None:
        operation = self._operation(one)
        if operation is None:
            return None
        register = self._register(operation)
        if register is None:
            # Nobody else ever named it: there is no such reservation.
            return [] if one.outcome == "ok" else None
        held = self._held[operation]
        if one.outcome == "refused":
            return self._not_ended(one, register, held)
        choices = []
        for number, lines in held.items():
            code = 4 * number
            moved = {(FACTORY, v): -q for v, q in lines.items()}
            if state == _RETURNED:
                moved |= {(MAIN, v): q for v, q in lines.items()}
            guards = (*self._at_least(FACTORY, lines), (register, code + _ACTIVE, code + _ACTIVE))
            choices.append(Choice(guards, (*self._moved(moved), (register, state - _ACTIVE))))
            # Law 3 is kept when a later end does nothing; that it is answered 409 is hardening.
            ended = (state, state) if self._hardening else (_RETURNED, _CONSUMED)
            choices.append(Choice(((register, code + ended[0], code + ended[1]),)))
        return choices

    def _not_ended(self, one: Record, register: int, held: dict[int, dict[Variant, int]]) -> list[Choice] | None:
        ends = sum(self._asked[self._operation(one), kind] for kind in ("return", "consume"))
        if one.status == 409 and ends > 1 and not self._hardening:
            # The other end may have been under way.
            return None
        choices = []
        if one.status in (404, 409):
            edges = [0, *(4 * number + _ACTIVE for number in sorted(held)), MOST]
            bounds = [(low + (n > 0), high - 1) for n, (low, high) in enumerate(pairwise(edges))]
            choices = [Choice(((register, low, high),)) for low, high in bounds if low <= high]
        if one.status == 404:
            return choices
        # By which code it is told that there is too little in the factory, nobody has promised.
        active = [(number, (register, 4 * number + _ACTIVE, 4 * number + _ACTIVE)) for number in held]
        return choices + [
            Choice((guard, (self._balance(FACTORY, v), -MOST, quantity - 1)))
            for number, guard in active
            for v, quantity in held[number].items()
        ]

    def _reservation(self, one: Record) -> list[Choice] | None:
        operation = self._operation(one)
        register = self._register(operation)
        if operation is None or register is None:
            return None
        held = sorted(self._held[operation])
        if one.outcome == "ok":
            state = _STATES.get(str(one.told("status")))
            codes = [4 * number + state for number in held] if state is not None else None
            return None if codes is None else [Choice(((register, code, code),)) for code in codes]
        if one.status != 404:
            return None
        if one.told("reservation_exists") is not False:
            # Another listener, or something in between, which knows no reservations at all.
            return None
        codes = [0, *(4 * n for n in range(1, len(self._contents[operation]) + 1) if n not in held)]
        return [Choice(((register, code, code),)) for code in codes]

    def _adjust(self, one: Record) -> list[Choice] | None:
        lines = _quantities(one.member("items"), "quantity_change")
        if lines is None:
            return None
        section = one.section
        # Below zero at the end, or on the way there, line by line.
        taken = {variant: -min(accumulate(parts)) for variant, parts in lines.items()}
        if one.outcome == "refused":
            # What reservations hold may be kept from being adjusted away (4.9 H): no balance explains such a refusal.
            if one.status == 409 or section == FACTORY:
                return self._conflict(one)
            return self._short(one, section, taken, is_simple=False)
        changes = {variant: sum(parts) for variant, parts in lines.items()}
        bounds = {variant: (max(0, -by), MOST) for variant, by in changes.items() if by < 0}
        final = _quantities(one.told("final_balances")) if one.outcome == "ok" else None
        is_simple = final is not None and all(len(parts) == 1 for parts in (*lines.values(), *final.values()))
        # A repeat may tell the balances of the first time: an adjustment that was sent again is not asked for them.
        if final is not None and is_simple and self._register(self._operation(one)) is None:
            told = {v: parts[0] - changes.get(v, 0) for v, parts in final.items()}
            bounds |= {v: (before, before) for v, before in told.items()}
        guards = tuple((self._balance(section, variant), *bound) for variant, bound in bounds.items())
        moved = self._moved({(section, variant): by for variant, by in changes.items()})
        return self._written(one, Choice(guards, moved), _PLAIN)


def split(steps: Sequence[Step]) -> list[list[Step]]:
    """Return parts that can be judged apart: an order of each makes an order of all.

    Slots belong together when a call that knows both is under way at the same time as other calls on each of them: then
    its one instant ties their orders to each other. Where another call meets it on one slot only, or on none, its place
    among the calls of the others is free. A call with several choices, or of which nobody knows whether it was, ties
    all of its slots.
    """
    joined: dict[int, int] = {}

    def root(slot: int) -> int:
        while joined.setdefault(slot, slot) != slot:
            slot = joined[slot]
        return slot

    touched = [_touched(step) for step in steps]
    under_way: list[int] = []
    met: list[set[int]] = [set() for _ in steps]
    for n, step in enumerate(steps):
        under_way = [one for one in under_way if steps[one].end >= step.start]
        for other in under_way:
            common = {
                slot for slot in touched[n].keys() & touched[other].keys() if touched[n][slot] or touched[other][slot]
            }
            met[n] |= common
            met[other] |= common
        under_way.append(n)
    for n, step in enumerate(steps):
        tied = set(touched[n]) if len(step.choices) != 1 or step.is_optional else met[n]
        first, *others = tied or {next(iter(touched[n]), -1)}
        for slot in others:
            joined[root(slot)] = root(first)
    parts: dict[int, list[Step]] = defaultdict(list)
    for step, slots in zip(steps, touched, strict=True):
        for part in {root(slot) for slot in slots} or {-1}:
            parts[part].append(only(step, {slot for slot in slots if root(slot) == part}))
    return list(parts.values())


def _touched(step: Step) -> dict[int, bool]:
    """Return the slots that a step knows, each with whether it may change it."""
    found: dict[int, bool] = {}
    for choice in step.choices:
        found |= {slot: found.get(slot, False) for slot, _, _ in choice.guards}
        found |= {slot: True for slot, _ in choice.changes}
    return found


def only(step: Step, slots: Iterable[int]) -> Step:
    """Return what a step says of some slots."""
    kept = set(slots)
    choices = {
        Choice(
            tuple(guard for guard in choice.guards if guard[0] in kept),
            tuple(change for change in choice.changes if change[0] in kept),
        ): None
        for choice in step.choices
    }
    return replace(step, choices=tuple(choices))
