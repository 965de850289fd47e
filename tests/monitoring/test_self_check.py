"""The ledger's self-check finds each law that is broken, and nothing in a ledger that is right."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from monitoring.traffic import connection
from monitoring.troubles import private_stack
from stack.client import stop

Cursor = Any
ROW = """
INSERT INTO inventory.operations (user_id, section_id, item_id, collection_id, quality_level_id, quantity_change,
                                  operation_type_id, operation_id, created_at)
SELECT %s, inventory.code_id('inventory_section', %s), (SELECT min(id::text)::uuid FROM inventory.items),
       inventory.code_id('collection', 'base'), inventory.code_id('quality_level', 'base'), %s,
       inventory.code_id('operation_type', %s), %s, now() - %s * interval '1 day'
"""
SNAPSHOT = """
INSERT INTO inventory.daily_balances (user_id, section_id, item_id, collection_id, quality_level_id, balance_date,
                                      quantity)
SELECT user_id, section_id, item_id, collection_id, quality_level_id, (now() AT TIME ZONE 'UTC')::date - 1, %s
FROM inventory.operations WHERE user_id = %s LIMIT 1
"""
# Rows as (section, change, type): reservations, each right or wrong in one way.
RESERVE = [("main", 10, "system_reward"), ("main", -4, "factory_reservation"), ("factory", 4, "factory_reservation")]
RETURN = [("factory", -4, "factory_return"), ("main", 4, "factory_return")]
CONSUME = [("factory", -4, "factory_consumption")]
RIGHT = {"active": RESERVE, "returned": RESERVE + RETURN, "consumed": RESERVE + CONSUME}
WRONG = {
    "returned twice": RESERVE + RETURN + RETURN,
    "returned and consumed": RESERVE + RETURN + CONSUME,
    "consumed twice": RESERVE + CONSUME + CONSUME,
    "consumed by another amount": [*RESERVE, ("factory", -3, "factory_consumption")],
    "returned to nowhere": [*RESERVE, RETURN[0]],
    "returned by another amount": [*RESERVE, RETURN[0], ("main", 5, "factory_return")],
    "reserved out of nothing": [RESERVE[0], RESERVE[2]],
    "reserved into nothing": RESERVE[:2],
}


@pytest.fixture(scope="module")
def cursor() -> Iterator[Cursor]:
    """A cursor on a database of our own that has the self-check."""
    state = private_stack()
    opened = connection(state)
    try:
        found: Cursor = opened.cursor()
        found.execute("SELECT to_regprocedure('inventory.self_check(uuid[])')")
        if found.fetchone() == (None,):
            pytest.skip("the migrations have no inventory.self_check")
        yield found
    finally:
        opened.close()
        stop(state)


@pytest.fixture
def player() -> str:
    """A player nobody else has."""
    return str(uuid4())


@pytest.fixture
def write(cursor: Cursor, player: str) -> Callable[..., None]:
    """Write rows of one business operation, so many days ago."""

    def rows(lines: list[tuple[str, int, str]], days_ago: int = 0) -> None:
        operation = str(uuid4())
        for section, change, kind in lines:
            cursor.execute(ROW, (player, section, change, kind, operation, days_ago))

    return rows


def _laws(cursor: Cursor, *players: str) -> dict[str, int]:
    cursor.execute("SELECT law, findings FROM inventory.self_check(%s::uuid[])", (list(players),))
    return dict(cursor.fetchall())


@pytest.mark.parametrize("rows", RIGHT.values(), ids=RIGHT.keys())
def test_a_ledger_that_is_right_has_no_findings(
    cursor: Cursor, player: str, write: Callable[..., None], rows: list[tuple[str, int, str]]
) -> None:
    write(rows)
    assert _laws(cursor, player) == {}


@pytest.mark.parametrize("rows", WRONG.values(), ids=WRONG.keys())
def test_a_reservation_that_does_not_add_up_is_found(
    cursor: Cursor, player: str, write: Callable[..., None], rows: list[tuple[str, int, str]]
) -> None:
    write([("factory", 100, "system_reward")])
    write(rows)
    assert _laws(cursor, player) == {"conservation": 1}


def test_a_balance_below_zero_is_found_and_mended_by_another_row(
    cursor: Cursor, player: str, write: Callable[..., None]
) -> None:
    write([("trade", 5, "system_reward"), ("trade", -6, "trade_sale")])
    assert _laws(cursor, player) == {"debt": 1}
    write([("trade", 1, "admin_adjustment")])
    assert _laws(cursor, player) == {}


@pytest.mark.parametrize(("snapshot", "laws"), [(5, {}), (6, {"balance": 1})])
def test_a_snapshot_that_is_not_the_sum_of_its_rows_is_found(
    cursor: Cursor, player: str, write: Callable[..., None], snapshot: int, laws: dict[str, int]
) -> None:
    write([("main", 5, "system_reward")], days_ago=3)
    write([("main", 7, "system_reward")])
    cursor.execute(SNAPSHOT, (snapshot, player))
    assert _laws(cursor, player) == laws


def test_nobody_is_right(cursor: Cursor) -> None:
    assert _laws(cursor) == {}


def test_those_who_moved_lately_are_chosen_and_the_others_in_turn(cursor: Cursor, write: Callable[..., None]) -> None:
    write([("main", 1, "system_reward")])
    old = str(uuid4())
    cursor.execute(ROW, (old, "main", 1, "system_reward", str(uuid4()), 5))
    call = "SELECT user_id::text, sampled FROM inventory.players_to_check(60, 1000, %s, %s)"
    cursor.execute(call, (str(uuid4()), 0))
    assert old not in {user for user, _ in cursor.fetchall()}
    after, seen = "00000000-0000-0000-0000-000000000000", list[str]()
    while True:
        cursor.execute(call, (after, 3))
        walked = [user for user, sampled in cursor.fetchall() if sampled]
        seen += walked
        if len(walked) < 3:
            break
        after = walked[-1]
    cursor.execute("SELECT DISTINCT user_id::text FROM inventory.operations")
    assert sorted(seen) == sorted(user for (user,) in cursor.fetchall())


def test_it_changes_nothing_even_if_it_may(cursor: Cursor) -> None:
    cursor.execute("SELECT provolatile FROM pg_proc WHERE proname IN ('self_check', 'players_to_check')")
    assert cursor.fetchall() == [("s",), ("s",)]
