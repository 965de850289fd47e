"""Acknowledged means written (contract, section 5, law 5): the answers of a load run against the ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from history.laws import ADJUSTMENT, CONSUMPTION, RESERVATION, RETURN, Ledger, Row, Variant, Written
from load.records import ADD, ADJUST, CONSUME, READ, REFUSED, REPEAT, RESERVE, Record
from load.records import RETURN as GIVE_BACK

REWARD = "system_reward"
# What a row says, but for its id, operation and time.
Content = tuple[str, str, Variant, int]
_TYPES = {
    ADD: REWARD, REPEAT: REWARD, RESERVE: RESERVATION, REFUSED: RESERVATION, GIVE_BACK: RETURN, CONSUME: CONSUMPTION,
    ADJUST: ADJUSTMENT,
}  # fmt: skip
# Where a call puts items, and with which sign.
_SIDES: dict[str, tuple[tuple[str, int], ...]] = {
    ADD: (("main", 1),), REPEAT: (("main", 1),), ADJUST: (("main", 1),), REFUSED: (),
    RESERVE: (("main", -1), ("factory", 1)), GIVE_BACK: (("factory", -1), ("main", 1)), CONSUME: (("factory", -1),),
}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """All attempts at one business operation: what it is to write, and how it was answered."""

    kind: str
    name: str
    attempts: tuple[Record, ...]

    @property
    def acknowledged(self) -> tuple[Record, ...]:
        """The attempts that were answered 200."""
        return tuple(record for record in self.attempts if record.status == 200)

    @property
    def was_refused(self) -> bool:
        """Whether every attempt was refused; one without an answer, or with a 5xx, may have written."""
        return all(400 <= record.status < 500 for record in self.attempts)

    def content(self, variants: Sequence[Variant]) -> Counter[Content]:
        """Return the rows it is to write."""
        first = self.attempts[0]
        return Counter(
            (self.kind, section, variants[item], sign * quantity)
            for section, sign in _SIDES[first.call]
            for item, quantity in first.content
        )


def operations_of(records: Iterable[Record]) -> list[Operation]:
    """Return one player's writing calls, those with the same operation id and type together."""
    grouped: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if record.call != READ and record.operation is not None:
            grouped[_TYPES[record.call], record.operation].append(record)
    return [Operation(kind, name, tuple(attempts)) for (kind, name), attempts in grouped.items()]


def written_of(user_id: str, records: Iterable[Record]) -> list[Written]:
    """Return how one player's writing calls were answered, as `history.laws` wants it."""
    return [
        Written(
            user_id, None if record.call == ADJUST else record.operation, _TYPES[record.call],
            record.status or None, record.rows,
        )
        for record in records
        if record.call != READ
    ]  # fmt: skip


def differences(
    ledger: Ledger, records: Sequence[Record], variants: Sequence[Variant], others: frozenset[str] = frozenset()
) -> list[str]:
    """Return, in words, where one player's ledger is not what the answers said.

    ``others`` are ids of operations that were made beside the load run. Rows that answers named and that are missing
    are law 4 in `history.laws`; this finds rows with other content, halves of calls without an answer, what
    refused adjustments left, and rows that nobody asked for.
    """
    operations = operations_of(records)
    index = _Index(ledger.rows, operations)
    found = []
    for operation in operations:
        problem = _problem(operation, index.rows_of(operation), variants)
        if problem:
            found.append(f"Law 5 (acknowledged = written): {operation.kind} {operation.name} {problem}")
    stray = [row for row in ledger.rows if row.row_id not in index.claimed and row.operation_id not in others]
    found += [
        f"Law 5 (acknowledged = written): nobody asked for {row.change:+d} {row.variant} in {row.section} "
        f"({row.operation_type} {row.operation_id})"
        for row in stray
    ]
    return found


class _Index:
    """Finds the rows of an operation, and remembers which rows belong to any."""

    def __init__(self, rows: Iterable[Row], operations: Iterable[Operation]) -> None:
        marks = {operation.name for operation in operations if operation.kind == ADJUSTMENT}
        self._rows: Mapping[tuple[str, str], list[Row]] = defaultdict(list)
        self.claimed: set[str] = set()
        for row in rows:
            mark = (row.comment or "")[-36:]
            is_ours = row.operation_type == ADJUSTMENT and mark in marks
            self._rows[row.operation_type, mark if is_ours else row.operation_id].append(row)

    def rows_of(self, operation: Operation) -> list[Row]:
        found = self._rows.get((operation.kind, operation.name), [])
        self.claimed.update(row.row_id for row in found)
        return found


def _problem(operation: Operation, rows: Sequence[Row], variants: Sequence[Variant]) -> str | None:
    content = Counter((row.operation_type, row.section, row.variant, row.change) for row in rows)
    wanted = operation.content(variants)
    if operation.acknowledged:
        if content != wanted:
            return f"was answered 200; it was to write {_words(wanted)}, the ledger has {_words(content)}"
        if any(set(record.rows or ()) != {row.row_id for row in rows} for record in operation.acknowledged):
            return "was answered 200 with other row ids than the ledger has"
    elif operation.was_refused:
        # Refusals with an operation id are law 4's.
        return f"was refused and left {_words(content)}" if content and operation.kind == ADJUSTMENT else None
    elif content and content != wanted:
        return f"got no answer and is there in part: {_words(content)} of {_words(wanted)}"
    return None


def _words(content: Counter[Content]) -> str:
    return ", ".join(f"{change:+d} {variant} in {section}" for _, section, variant, change in content.elements()) or (
        "nothing"
    )
