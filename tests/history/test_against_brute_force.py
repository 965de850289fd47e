"""Small random histories: the checker says what trying every order says."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from history.judge import judge
from tests.history.ledger import ITEMS, USER, Answer, Ask, Ledger, Seen, is_serial, mixed, records_of, run

_OPERATIONS = st.sampled_from(["a", "b"])
_LINES = st.lists(
    st.tuples(st.sampled_from(ITEMS), st.integers(1, 2)), min_size=1, max_size=2, unique_by=lambda line: line[0]
).map(tuple)
_ASKS = st.one_of(
    st.builds(Ask, st.just("add"), _LINES, st.one_of(_OPERATIONS, st.uuids().map(str))),
    st.builds(Ask, st.just("reserve"), _LINES, _OPERATIONS),
    st.builds(Ask, st.sampled_from(["return", "consume", "reservation"]), st.just(()), _OPERATIONS),
    st.builds(
        Ask, st.just("adjust"),
        st.lists(st.tuples(st.sampled_from(ITEMS), st.sampled_from([-2, -1, 1])), min_size=1, max_size=1).map(tuple),
        st.none(), st.sampled_from(["main", "main", "factory"]),
    ),
    st.builds(Ask, st.just("read"), section=st.sampled_from(["main", "factory"])),
)  # fmt: skip


def _spoiler(chance: random.Random, often: float) -> Callable[[Ledger, Ask, Answer], Answer]:
    def spoil(ledger: Ledger, ask: Ask, answer: Answer) -> Answer:
        if chance.random() > often:
            return answer
        fault = chance.choice(["lost", "off", "refused", "granted"])
        if fault == "lost" and ledger.balances["main", ITEMS[0]] > 0:
            ledger.balances["main", ITEMS[0]] -= 1
        if fault == "off" and ask.kind == "read" and answer[1]["items"]:
            first, *others = answer[1]["items"]
            return 200, {"items": [{**first, "quantity": first["quantity"] + 1}, *others]}
        if fault == "granted" and ask.kind in ("reserve", "return", "consume"):
            return 200, {"operation_ids": []}
        if fault == "refused" and ask.kind in ("return", "consume"):
            return 409, {"error": "reservation_not_active"}
        return answer

    return spoil


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(asks=st.lists(_ASKS, min_size=1, max_size=6), workers=st.integers(1, 4), seed=st.integers(0, 2**32))
def test_the_checker_agrees_with_trying_every_order(asks: list[Ask], workers: int, seed: int) -> None:
    chance = random.Random(seed)
    spoil = _spoiler(chance, chance.choice([0.0, 0.3]))
    calls = run(asks, workers, chance, unknown=chance.choice([0.0, 0.3]), spoil=spoil, pause=0.3)
    for found in judge(records_of(calls), hardening=True):
        assert (found.verdict == "serial") is is_serial(calls), [str(one) for one in calls]


@pytest.mark.parametrize("seed", range(30))
def test_a_history_of_a_ledger_that_keeps_its_rules_is_serial(seed: int) -> None:
    chance = random.Random(seed)
    calls = run(mixed(120, chance), 8, chance, unknown=0.05)
    (found,) = judge(records_of(calls), hardening=True)
    assert found.verdict == "serial", found.sentence
    assert found.calls > 100


def test_a_call_that_nobody_knows_the_outcome_of_is_placed_by_what_later_answers_tell() -> None:
    reserve, ask = Ask("reserve", ((ITEMS[0], 1),), "r"), Ask("reservation", (), "r")
    active: Answer = (200, {"reservation_exists": True, "status": "active", "user_id": USER})
    missing: Answer = (404, {"reservation_exists": False})
    calls = [
        Seen(Ask("add", ((ITEMS[0], 1),), "x"), 0, 1, (200, {"operation_ids": []})),
        Seen(reserve, 2, 3, None),
        Seen(ask, 4, 5, active),
        Seen(ask, 6, 7, missing),
    ]
    assert not is_serial(calls)
    assert judge(records_of(calls), hardening=True)[0].verdict == "not serial"
    calls[2], calls[3] = replace(calls[2], answer=missing), replace(calls[3], answer=active)
    assert is_serial(calls)
    assert judge(records_of(calls), hardening=True)[0].verdict == "serial"
