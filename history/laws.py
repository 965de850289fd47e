"""The laws of the ledger (contract, section 5) as functions over its rows. Each returns its violations in words."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter

BASE = "base"
RESERVATION = "factory_reservation"
RETURN = "factory_return"
CONSUMPTION = "factory_consumption"
ADJUSTMENT = "admin_adjustment"
_IDS_ARE_HARDENING = (RESERVATION, RETURN, CONSUMPTION, ADJUSTMENT)
# Instances need not agree on the time to the second.
ABOUT_ONE_TIME = timedelta(minutes=5)


@dataclass(frozen=True, order=True)
class Variant:
    """An item in one quality and collection, by its words."""

    item_class: str
    item_type: str
    quality: str = BASE
    collection: str = BASE

    def __str__(self) -> str:
        quality = "" if self.quality == BASE else f"{self.quality} "
        collection = "" if self.collection == BASE else f" of {self.collection}"
        return f"{quality}{self.item_class}/{self.item_type}{collection}"


@dataclass(frozen=True)
class Row:
    """A row of ``inventory.operations``, with codes in the place of ids."""

    row_id: str
    section: str
    variant: Variant
    change: int
    operation_type: str
    operation_id: str
    created_at: datetime
    comment: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """A row of ``inventory.daily_balances``: the quantity at the end of a UTC day."""

    section: str
    variant: Variant
    day: date
    quantity: int
    made_at: datetime | None = None


@dataclass(frozen=True)
class Ledger:
    """Everything the database holds about one player, seen at one instant; ``today`` is its UTC day."""

    rows: tuple[Row, ...]
    snapshots: tuple[Snapshot, ...]
    today: date


@dataclass(frozen=True)
class Written:
    """How a writing call was answered. ``row_ids`` is None when the answer did not name the rows."""

    user_id: str | None
    operation_id: str | None
    operation_type: str
    status: int | None
    row_ids: tuple[str, ...] | None


Balances = dict[tuple[str, Variant], int]


def end_of(day: date) -> datetime:
    """Return the instant at which a UTC day is over."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def totals(rows: Iterable[Row]) -> Balances:
    """Return the sum of all rows by section and variant."""
    sums: Balances = defaultdict(int)
    for row in rows:
        sums[row.section, row.variant] += row.change
    return dict(sums)


def balances(ledger: Ledger) -> Balances:
    """Return balances as the service works them out: latest snapshot before today and everything after it."""
    latest: dict[tuple[str, Variant], Snapshot] = {}
    for snapshot in sorted(ledger.snapshots, key=lambda s: s.day):
        if snapshot.day < ledger.today:
            latest[snapshot.section, snapshot.variant] = snapshot
    result: Balances = {key: snapshot.quantity for key, snapshot in latest.items()}
    for row in ledger.rows:
        key = (row.section, row.variant)
        if key not in latest or row.created_at >= end_of(latest[key].day):
            result[key] = result.get(key, 0) + row.change
    return result


def law_1_balance(ledger: Ledger, answered: Mapping[str, Mapping[Variant, int]] | None = None) -> list[str]:
    """Balance: latest snapshot + rows after it = all rows = what the service said (by section; None: not asked)."""
    found = []
    sums, worked_out = totals(ledger.rows), balances(ledger)
    for section, variant in sorted({*sums, *worked_out}):
        total, balance = sums.get((section, variant), 0), worked_out.get((section, variant), 0)
        if total != balance:
            found.append(
                f"Law 1 (balance): {variant} in {section}: latest snapshot and the rows after it make {balance}, "
                f"all rows make {total}"
            )
    for snapshot in ledger.snapshots:
        over = end_of(snapshot.day)
        key = (snapshot.section, snapshot.variant)
        then = sum(r.change for r in ledger.rows if (r.section, r.variant) == key and r.created_at < over)
        if snapshot.quantity != then:
            found.append(
                f"Law 1 (balance): {snapshot.variant} in {snapshot.section}: the snapshot for {snapshot.day} says "
                f"{snapshot.quantity}, the rows up to the end of that day make {then}"
            )
    for section, said in (answered or {}).items():
        found += _differences(section, said, {v: n for (s, v), n in sums.items() if s == section and n != 0})
    return found


def _differences(section: str, said: Mapping[Variant, int], sums: Mapping[Variant, int]) -> list[str]:
    empty = sorted(variant for variant, quantity in said.items() if quantity == 0 == sums.get(variant, 0))
    return [f"4.3: GET /inventory lists {variant} in {section}, of which there is none" for variant in empty] + [
        f"Law 1 (balance): {variant} in {section}: GET /inventory says {said.get(variant, 0)}, "
        f"the ledger's rows make {sums.get(variant, 0)}"
        for variant in sorted({*said, *sums})
        if said.get(variant, 0) != sums.get(variant, 0)
    ]


def law_2_no_debt(ledger: Ledger) -> list[str]:
    """No debt: the running sum of a variant in a section is never below zero, at any point of the history.

    A row may be dated when its transaction began, so rows of about one time may have been written in another order.
    """
    histories: dict[tuple[str, Variant], list[tuple[datetime, int]]] = defaultdict(list)
    for row in ledger.rows:
        histories[row.section, row.variant].append((row.created_at, row.change))
    found = []
    for (section, variant), history in sorted(histories.items()):
        history.sort()
        coming = iter([*history, (datetime.max.replace(tzinfo=UTC), 0)])
        later, gain = next(coming)
        running = at_hand = 0
        for instant, rows in itertools.groupby(history, key=itemgetter(0)):
            while later - instant <= ABOUT_ONE_TIME:
                at_hand += max(gain, 0)
                later, gain = next(coming)
            for _, change in rows:
                running += change
                at_hand -= max(change, 0)
            most = running + at_hand
            if most < 0:
                found.append(f"Law 2 (no debt): {variant} in {section} was at {most} after {instant.isoformat()}")
                break
    return found


def _sums(rows: Iterable[Row], section: str) -> dict[Variant, int]:
    return {variant: n for (where, variant), n in totals(rows).items() if where == section and n != 0}


def _negated(sums: Mapping[Variant, int]) -> dict[Variant, int]:
    return {variant: -n for variant, n in sums.items()}


def _in_words(sums: Mapping[Variant, int]) -> str:
    return ", ".join(f"{n:+d} {variant}" for variant, n in sorted(sums.items())) or "nothing"


def law_3_conservation(ledger: Ledger) -> list[str]:
    """Conservation: reserving and returning only move items; consuming destroys what was reserved, once."""
    by_operation: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in ledger.rows:
        if row.operation_type in (RESERVATION, RETURN, CONSUMPTION):
            by_operation[row.operation_id][row.operation_type].append(row)
    found = []
    for operation_id, parts in by_operation.items():
        found += [
            f"Law 3 (conservation): operation {operation_id}: {problem}"
            for problem in _reservation_problems(parts[RESERVATION], parts[RETURN], parts[CONSUMPTION])
        ]
    return found


def _reservation_problems(reserved: list[Row], returned: list[Row], consumed: list[Row]) -> list[str]:
    held = _sums(reserved, "factory")
    problems = []
    if not reserved:
        problems.append("ended without having been reserved")
    if _sums(reserved, "main") != _negated(held) or any(n < 0 for n in held.values()):
        main = _in_words(_sums(reserved, "main"))
        problems.append(f"the reservation took {main} in main and put {_in_words(held)} into factory")
    if returned and consumed:
        problems.append("was both returned and consumed")
    if returned and (_sums(returned, "factory") != _negated(held) or _sums(returned, "main") != held):
        problems.append(
            f"reserved were {_in_words(held)}, the return wrote {_in_words(_sums(returned, 'factory'))} in factory "
            f"and {_in_words(_sums(returned, 'main'))} in main"
        )
    if consumed and (_sums(consumed, "factory") != _negated(held) or _sums(consumed, "main")):
        problems.append(
            f"reserved were {_in_words(held)}, consuming wrote {_in_words(_sums(consumed, 'factory'))} in factory "
            f"and {_in_words(_sums(consumed, 'main'))} in main"
        )
    return problems


def law_4_all_or_none(ledger: Ledger, written: Sequence[Written]) -> list[str]:
    """All or none, and acknowledged means written (law 5): what was answered 200 is there, what was refused is not.

    The answer to an addition names its rows (4.4); for other calls that is hardening and judged elsewhere. What was
    sent again and is there again breaks no law: that is 4.11.
    """
    by_call: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in ledger.rows:
        by_call[row.operation_id, row.operation_type].add(row.row_id)
    found: list[str] = []
    taken = Counter((one.operation_id, one.operation_type) for one in written if one.status == 200)
    told = set()
    elsewhere = _adjustments_under_other_ids(by_call, written)
    for entry in written:
        if entry.status != 200 or entry.operation_id is None:
            continue
        call = (entry.operation_id, entry.operation_type)
        present = by_call[call]
        called = f"{entry.operation_type} {entry.operation_id}"
        if not present and entry.operation_type == ADJUSTMENT and elsewhere:
            continue
        if not present:
            found.append(f"Law 5 (acknowledged means written): {called} was answered 200 and has no row in the ledger")
        elif entry.operation_type in _IDS_ARE_HARDENING or present == set(entry.row_ids or ()):
            continue
        elif taken[call] > 1 and present > set(entry.row_ids or ()):
            if call not in told:
                found.append(
                    f"4.11 H (repeats): {called} was answered 200 {taken[call]} times, with {len(entry.row_ids or ())} "
                    f"rows, and the ledger has {len(present)}: it was written again"
                )
            told.add(call)
        else:
            found.append(
                f"Law 4 (all or none): {called} was answered with {len(entry.row_ids or ())} rows (4.4), the ledger "
                f"has {len(present)}, {len(present & set(entry.row_ids or ()))} of them the same"
            )
    return found + _left_behind(by_call, written)


def _adjustments_under_other_ids(by_call: Mapping[tuple[str, str], set[str]], written: Sequence[Written]) -> bool:
    """Say whether as many adjustments stand under ids that nobody sent as were acknowledged and are not under theirs.

    That an adjustment takes an operation id is hardening (4.11); that it is written is not.
    """
    taken = [one for one in written if one.operation_type == ADJUSTMENT and one.status == 200]
    sent = {one.operation_id for one in taken}
    others = sum(
        # Rows without an id may be of as many adjustments.
        1 if operation else len(rows)
        for (operation, kind), rows in by_call.items()
        if kind == ADJUSTMENT and (not operation or operation not in sent)
    )  # fmt: skip
    lost = {one for one in sent if one is not None and not by_call.get((one, ADJUSTMENT))}
    return others >= len(lost) + sum(one.operation_id is None for one in taken)


def _left_behind(by_call: Mapping[tuple[str, str], set[str]], written: Sequence[Written]) -> list[str]:
    """A call that was only ever refused has no rows; one without an answer may have them."""
    statuses: dict[tuple[str, str], set[int | None]] = defaultdict(set)
    for entry in written:
        if entry.operation_id is not None:
            statuses[entry.operation_id, entry.operation_type].add(entry.status)
    return [
        f"Law 4 (all or none): {kind} {operation} was refused, and left {len(by_call[operation, kind])} rows behind"
        for (operation, kind), seen in statuses.items()
        if all(status is not None and 400 <= status < 500 for status in seen) and by_call.get((operation, kind))
    ]


_NO_SNAPSHOT = "has no snapshot for yesterday"


def closed_days(ledger: Ledger, asked: Iterable[str]) -> list[str]:
    """Daily balances (5.1): yesterday is closed in each section whose balance was asked for, and no other day is.

    A variant without rows up to the end of a day has no balance of it.
    """
    first: dict[tuple[str, Variant], datetime] = {}
    for row in ledger.rows:
        key = (row.section, row.variant)
        first[key] = min(row.created_at, first.get(key, row.created_at))
    yesterday = ledger.today - timedelta(days=1)
    # No rule says that who had something before today gets no row of 0 for what they did not have.
    known = any(since < end_of(yesterday) for since in first.values())
    closed = {(one.section, one.variant) for one in ledger.snapshots if one.day == yesterday}
    found = [
        f"5.1 S (daily balances): {variant} in {section} has rows of before today, its balance was asked for, and it "
        f"{_NO_SNAPSHOT}"
        for (section, variant), since in sorted(first.items())
        if section in asked and since < end_of(yesterday) and (section, variant) not in closed
    ]
    for one in ledger.snapshots:
        words = f"5.1 S (daily balances): {one.variant} in {one.section} has a snapshot for {one.day}, "
        since = first.get((one.section, one.variant), end_of(one.day))
        if one.day >= ledger.today:
            found.append(f"{words}which is not over")
        elif since >= end_of(one.day) and not (one.quantity == 0 and known):
            found.append(f"{words}and no row up to the end of that day")
    return found


def is_a_lack_of_a_snapshot(violation: str) -> bool:
    """Say whether a violation may mend itself: a snapshot that was not made yet (5.1)."""
    return violation.endswith(_NO_SNAPSHOT)


def violations(
    ledger: Ledger, answered: Mapping[str, Mapping[Variant, int]] | None, written: Sequence[Written]
) -> list[str]:
    """Return all violations of laws 1 to 5, and of 5.1, in words; ``answered`` are the balances that were asked for."""
    return [
        *law_1_balance(ledger, answered),
        *closed_days(ledger, answered or ()),
        *law_2_no_debt(ledger),
        *law_3_conservation(ledger),
        *law_4_all_or_none(ledger, written),
    ]
