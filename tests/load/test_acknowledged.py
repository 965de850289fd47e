"""The comparison of answers with the ledger: each way to be wrong is found, and what is right passes."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from history.laws import Ledger, Row, Variant, violations
from load.acknowledged import differences, written_of
from load.records import Record

STONE, WOOD = VARIANTS = (Variant("resources", "stone"), Variant("resources", "wood"))
NOW = datetime(2026, 1, 2, tzinfo=UTC)
MARK = "11111111-1111-1111-1111-111111111111"


def call(kind: str, operation: str, content: str, rows: str | None, status: int = 200) -> Record:
    parts = tuple((int(p.split(":")[0]), int(p.split(":")[1])) for p in content.split(","))
    return Record(1.0, kind, 0, status, 1.0, operation, parts, tuple(rows.split(",")) if rows else None)


def row(name: str, section: str, change: int, kind: str, operation: str, variant: Variant = STONE) -> Row:
    comment = f"stock corrected, {MARK}" if kind == "admin_adjustment" else None
    return Row(name, section, variant, change, kind, operation, NOW, comment)


CALLS = [
    call("add", "op-1", "0:5,1:2", "a,b"),
    call("repeat", "op-1", "0:5,1:2", "a,b"),
    call("reserve", "op-2", "0:3", "c,d"),
    call("return", "op-2", "0:3", "e,f"),
    call("reserve", "op-3", "0:1", "g,h"),
    call("consume", "op-3", "0:1", "i"),
    call("refused", "op-4", "0:999", None, 400),
    call("adjust", MARK, "1:-1", "j"),
]
ROWS = [
    row("a", "main", 5, "system_reward", "op-1"),
    row("b", "main", 2, "system_reward", "op-1", WOOD),
    row("c", "main", -3, "factory_reservation", "op-2"),
    row("d", "factory", 3, "factory_reservation", "op-2"),
    row("e", "factory", -3, "factory_return", "op-2"),
    row("f", "main", 3, "factory_return", "op-2"),
    row("g", "main", -1, "factory_reservation", "op-3"),
    row("h", "factory", 1, "factory_reservation", "op-3"),
    row("i", "factory", -1, "factory_consumption", "op-3"),
    row("j", "main", -1, "admin_adjustment", "made by the service", WOOD),
]


def found(rows: list[Row], calls: list[Record] | None = None, others: frozenset[str] = frozenset()) -> list[str]:
    ledger, made = Ledger(tuple(rows), (), date(2026, 1, 2)), calls or CALLS
    return [*violations(ledger, None, written_of("u", made)), *differences(ledger, made, VARIANTS, others)]


def test_what_is_right_passes() -> None:
    assert found(ROWS) == []


@pytest.mark.parametrize("missing", [r.row_id for r in ROWS])
def test_a_row_that_was_acknowledged_and_is_missing_is_found(missing: str) -> None:
    assert any("Law 5" in problem for problem in found([r for r in ROWS if r.row_id != missing]))


@pytest.mark.parametrize("changed", ["a", "b", "j"])
def test_another_quantity_is_found(changed: str) -> None:
    rows = [replace(r, change=r.change + 10) if r.row_id == changed else r for r in ROWS]
    assert any("the ledger has" in problem for problem in found(rows))


def test_a_write_that_was_made_twice_is_found() -> None:
    twice = row("z", "main", 5, "system_reward", "op-1")
    assert any("op-1 was answered 200" in problem for problem in found([*ROWS, twice]))


def test_rows_that_nobody_asked_for_are_found() -> None:
    stray = row("z", "main", 5, "system_reward", "op-9")
    assert found([*ROWS, stray]) == [
        "Law 5 (acknowledged = written): nobody asked for +5 resources/stone in main (system_reward op-9)"
    ]
    assert found([*ROWS, stray], others=frozenset({"op-9"})) == []


def test_what_a_refusal_left_is_found() -> None:
    left = row("z", "main", -9, "factory_reservation", "op-4")
    assert any("op-4" in problem and "refused" in problem for problem in found([*ROWS, left]))


def test_what_a_refused_adjustment_left_is_found() -> None:
    calls = [*CALLS[:-1], call("adjust", MARK, "1:-1", None, 400)]
    assert any("was refused and left" in problem for problem in found(ROWS, calls))


@pytest.mark.parametrize("status", [0, 503])
def test_a_call_without_an_answer_is_wholly_there_or_absent(status: int) -> None:
    calls = [*CALLS, call("add", "op-5", "0:1,1:1", None, status)]
    both = [row("y", "main", 1, "system_reward", "op-5"), row("z", "main", 1, "system_reward", "op-5", WOOD)]
    assert found(ROWS, calls) == []
    assert found([*ROWS, *both], calls) == []
    assert any("is there in part" in problem for problem in found([*ROWS, both[0]], calls))
