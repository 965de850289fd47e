"""Each law, kept and broken."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from history import laws
from history.laws import Ledger, Row, Snapshot, Variant, Written

STONE = Variant("resources", "stone")
WOOD = Variant("resources", "wood")
TODAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
_ids = (f"row-{n}" for n in itertools.count(1))


def row(
    change: int, kind: str = "chest_reward", operation: str = "a", section: str = "main", at: datetime = NOON,
    variant: Variant = STONE,
) -> Row:  # fmt: skip
    return Row(next(_ids), section, variant, change, kind, operation, at)


def ledger(*rows: Row, snapshots: tuple[Snapshot, ...] = ()) -> Ledger:
    return Ledger(rows, snapshots, TODAY)


def reserved(quantity: int, operation: str = "r", at: datetime = NOON) -> tuple[Row, Row]:
    kind = "factory_reservation"
    return row(-quantity, kind, operation, "main", at), row(quantity, kind, operation, "factory", at)


def returned(quantity: int, operation: str = "r") -> tuple[Row, Row]:
    kind = "factory_return"
    return row(quantity, kind, operation, "main"), row(-quantity, kind, operation, "factory")


def consumed(quantity: int, operation: str = "r", section: str = "factory") -> Row:
    return row(-quantity, "factory_consumption", operation, section)


def days_ago(days: int) -> datetime:
    return NOON - timedelta(days=days)


def yesterday(quantity: int, day: date = TODAY - timedelta(days=1)) -> Snapshot:
    return Snapshot("main", STONE, day, quantity)


def test_balance_is_the_latest_snapshot_and_everything_after_it() -> None:
    found = ledger(row(10, at=days_ago(5)), row(-3, at=days_ago(1)), row(2), snapshots=(yesterday(7),))
    assert laws.balances(found) == {("main", STONE): 9}
    assert laws.law_1_balance(found, {"main": {STONE: 9}}) == []


def test_what_is_not_there_is_not_told_either() -> None:
    found = ledger(row(10), row(-10, variant=STONE))
    assert laws.law_1_balance(found, {"main": {}}) == []
    assert laws.law_1_balance(found, {"main": {STONE: 0}}) == [
        "4.3: GET /inventory lists resources/stone in main, of which there is none"
    ]


def test_a_day_ends_at_midnight_utc() -> None:
    midnight = datetime(2026, 3, 10, tzinfo=UTC)
    found = ledger(row(10, at=midnight - timedelta(microseconds=1)), row(5, at=midnight), snapshots=(yesterday(10),))
    assert laws.balances(found) == {("main", STONE): 15}
    assert laws.law_1_balance(found) == []


def test_law_1_names_a_snapshot_that_is_off() -> None:
    found = laws.law_1_balance(ledger(row(10, at=days_ago(5)), snapshots=(yesterday(9),)))
    assert "latest snapshot and the rows after it make 9, all rows make 10" in found[0]
    assert "the snapshot for 2026-03-09 says 9, the rows up to the end of that day make 10" in found[1]


def test_law_1_ignores_a_snapshot_of_today_for_balances() -> None:
    assert laws.balances(ledger(row(5), snapshots=(yesterday(99, TODAY),))) == {("main", STONE): 5}


def test_law_1_names_what_the_api_says_otherwise() -> None:
    found = laws.law_1_balance(ledger(row(10)), {"main": {STONE: 11, WOOD: 1}, "trade": {}})
    assert found == [
        "Law 1 (balance): resources/stone in main: GET /inventory says 11, the ledger's rows make 10",
        "Law 1 (balance): resources/wood in main: GET /inventory says 1, the ledger's rows make 0",
    ]


def test_law_1_lets_the_api_leave_out_what_is_used_up() -> None:
    assert laws.law_1_balance(ledger(row(10), row(-10)), {"main": {}}) == []


def test_law_2_holds_when_rows_of_one_instant_balance() -> None:
    assert laws.law_2_no_debt(ledger(row(-5), row(5))) == []


def test_law_2_names_the_first_debt_even_when_it_was_made_good() -> None:
    found = laws.law_2_no_debt(ledger(row(3, at=days_ago(3)), row(-5, at=days_ago(2)), row(9)))
    assert found == ["Law 2 (no debt): resources/stone in main was at -2 after 2026-03-08T12:00:00+00:00"]


def test_law_2_lets_rows_of_about_one_time_be_written_in_another_order() -> None:
    soon, late = NOON + timedelta(seconds=299), NOON + timedelta(seconds=301)
    assert laws.law_2_no_debt(ledger(row(-5), row(5, at=soon))) == []
    assert "was at -5" in laws.law_2_no_debt(ledger(row(-5), row(5, at=late)))[0]
    assert "was at -1" in laws.law_2_no_debt(ledger(row(2), row(-5), row(2, at=soon), row(9, at=late)))[0]


def test_law_2_looks_into_every_section() -> None:
    assert "in factory was at -1" in laws.law_2_no_debt(ledger(row(-1, section="factory")))[0]


@pytest.mark.parametrize("end", [(), returned(4), (consumed(4),)])
def test_law_3_holds_for_whole_reservations(end: tuple[Row, ...]) -> None:
    assert laws.law_3_conservation(ledger(row(9), *reserved(4), *end)) == []


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (reserved(4)[:1], "took -4 resources/stone in main and put nothing into factory"),
        (reserved(4)[1:], "took nothing in main and put +4 resources/stone into factory"),
        ((*reserved(4), *returned(4), consumed(4)), "both returned and consumed"),
        ((*reserved(4), *returned(4), *returned(4)), "the return wrote -8 resources/stone in factory"),
        ((*reserved(4), *returned(3)), "the return wrote -3 resources/stone in factory"),
        ((*reserved(4), returned(4)[1]), "and nothing in main"),
        ((*reserved(4), consumed(4), consumed(4)), "consuming wrote -8 resources/stone in factory"),
        ((*reserved(4), consumed(4), consumed(4, section="main")), "and -4 resources/stone in main"),
        (returned(4), "ended without having been reserved"),
    ],
)
def test_law_3_names_what_was_not_conserved(rows: tuple[Row, ...], words: str) -> None:
    found = laws.law_3_conservation(ledger(*rows))
    assert any(words in problem for problem in found), found
    assert all(problem.startswith("Law 3 (conservation): operation r: ") for problem in found)


def acknowledged(*rows: Row) -> Written:
    return Written("u", rows[0].operation_id, rows[0].operation_type, 200, tuple(r.row_id for r in rows))


def test_law_5_finds_adjustments_under_ids_of_the_services_own() -> None:
    adjusted = row(3, "admin_adjustment", "sent")
    elsewhere, other = row(3, "admin_adjustment", "given"), row(5, "admin_adjustment", "given again")
    unnamed = Written("u", None, "admin_adjustment", 200, None)
    assert laws.law_4_all_or_none(ledger(elsewhere), [acknowledged(adjusted)]) == []
    assert laws.law_4_all_or_none(ledger(elsewhere, other), [acknowledged(adjusted), unnamed]) == []
    for lost in (ledger(), ledger(row(3, "chest_reward", "given"))):
        assert "has no row" in laws.law_4_all_or_none(lost, [acknowledged(adjusted)])[0]
    # The one that is there may be the other's.
    assert "has no row" in laws.law_4_all_or_none(ledger(elsewhere), [acknowledged(adjusted), unnamed])[0]
    # Who takes no id writes none.
    nameless = [replace(one, operation_id="") for one in (elsewhere, other)]
    assert laws.law_4_all_or_none(ledger(*nameless), [acknowledged(adjusted), unnamed]) == []
    assert "has no row" in laws.law_4_all_or_none(ledger(nameless[0]), [acknowledged(adjusted), unnamed])[0]


def test_law_4_holds_for_what_was_acknowledged() -> None:
    rows = (row(1), row(2, variant=WOOD))
    assert laws.law_4_all_or_none(ledger(*rows), [acknowledged(*rows), acknowledged(*rows)]) == []


def test_law_4_names_rows_that_are_missing() -> None:
    rows = (row(1), row(2, variant=WOOD))
    found = laws.law_4_all_or_none(ledger(rows[0]), [acknowledged(*rows)])
    assert found == [
        "Law 4 (all or none): chest_reward a was answered with 2 rows (4.4), the ledger has 1, 1 of them the same"
    ]


def test_law_4_names_rows_with_other_ids() -> None:
    found = laws.law_4_all_or_none(ledger(row(1)), [acknowledged(row(1))])
    assert "was answered with 1 rows (4.4), the ledger has 1, 0 of them the same" in found[0]


def test_law_5_names_an_acknowledged_call_that_left_nothing() -> None:
    found = laws.law_4_all_or_none(ledger(), [acknowledged(row(1))])
    assert found == ["Law 5 (acknowledged means written): chest_reward a was answered 200 and has no row in the ledger"]


def test_law_4_asks_only_additions_for_their_row_ids() -> None:
    entry = Written("u", "r", "factory_reservation", 200, None)
    assert laws.law_4_all_or_none(ledger(*reserved(4)), [entry]) == []


def test_law_4_names_rows_that_a_refusal_left_behind() -> None:
    entry = Written("u", "a", "chest_reward", 400, None)
    assert "a was refused, and left 1 rows behind" in laws.law_4_all_or_none(ledger(row(1)), [entry])[0]
    assert laws.law_4_all_or_none(ledger(), [entry]) == []


def test_law_4_lets_a_call_without_an_answer_be_either() -> None:
    entry = Written("u", "a", "chest_reward", None, None)
    assert laws.law_4_all_or_none(ledger(row(1)), [entry]) == []
    assert laws.law_4_all_or_none(ledger(), [entry]) == []


def test_law_4_lets_a_repeat_be_refused() -> None:
    one = row(1)
    refused = Written("u", one.operation_id, one.operation_type, 409, None)
    assert laws.law_4_all_or_none(ledger(one), [acknowledged(one), refused]) == []


def test_law_4_takes_answers_that_name_no_operation() -> None:
    one = row(-1, "admin_adjustment")
    assert laws.law_4_all_or_none(ledger(one), [Written("u", None, "admin_adjustment", 200, (one.row_id,))]) == []


def test_violations_are_those_of_all_laws() -> None:
    found = laws.violations(ledger(row(-1), *reserved(4)[:1]), {"main": {}}, [acknowledged(row(9, operation="z"))])
    assert [problem[:5] for problem in found] == ["Law 1", "Law 2", "Law 3", "Law 5"]


def test_a_section_that_was_asked_for_has_each_variant_closed_for_yesterday_and_nothing_else() -> None:
    open_day = ledger(row(10, at=days_ago(3)), row(4, at=days_ago(3), variant=WOOD), snapshots=(yesterday(10),))
    (found,) = laws.closed_days(open_day, ["main"])
    assert found.startswith("5.1 S (daily balances): resources/wood in main has rows of before today")
    assert laws.closed_days(open_day, ["factory"]) == []
    new_today = ledger(row(10, at=days_ago(3)), row(4, variant=WOOD), snapshots=(yesterday(10),))
    assert laws.closed_days(new_today, ["main"]) == []


def test_today_and_what_nobody_had_by_then_have_no_snapshot() -> None:
    (found,) = laws.closed_days(ledger(row(10), snapshots=(yesterday(10, TODAY),)), ["main"])
    assert "has a snapshot for 2026-03-10, which is not over" in found
    for one in (ledger(row(10), snapshots=(yesterday(0),)), ledger(snapshots=(yesterday(0),))):
        (found,) = laws.closed_days(one, [])
        assert "no row up to the end of that day" in found


def test_who_had_anything_before_today_may_have_nothing_of_the_rest_written_down() -> None:
    old, new = row(4, at=days_ago(3), variant=WOOD), row(10)
    none_of_stone, four_of_wood = yesterday(0), Snapshot("main", WOOD, TODAY - timedelta(days=1), 4)
    assert laws.closed_days(ledger(old, new, snapshots=(none_of_stone, four_of_wood)), ["main"]) == []
    (found,) = laws.closed_days(ledger(old, new, snapshots=(yesterday(1), four_of_wood)), ["main"])
    assert "no row up to the end of that day" in found


def test_only_the_lack_of_a_snapshot_may_mend_itself() -> None:
    lacking = laws.closed_days(ledger(row(10, at=days_ago(3))), ["main"])
    assert list(map(laws.is_a_lack_of_a_snapshot, lacking)) == [True]
    wrong = laws.closed_days(ledger(row(10), snapshots=(yesterday(10, TODAY),)), ["main"])
    assert list(map(laws.is_a_lack_of_a_snapshot, wrong)) == [False]
