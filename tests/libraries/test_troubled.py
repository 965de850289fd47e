"""Whether what failed in a trouble failed as it may: each sentence here is one that a test has to go red with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from history.laws import Ledger, Row, Snapshot, Variant
from history.records import Happened
from libraries.target.settings import Instance
from reporting.answers import Answer, Call
from resilience import troubled

CODES = {"database_unavailable", "outcome_unknown"}
ONE, OTHER = "http://127.0.0.1:1", "http://127.0.0.1:2"
KILLED = Happened("kill two", "two", 10.0, 10.2)


@pytest.fixture(autouse=True)
def instances(monkeypatch: pytest.MonkeyPatch) -> None:
    known = (Instance("one", ONE, ONE, ONE + "/admin"), Instance("two", OTHER, OTHER, OTHER + "/admin"))
    monkeypatch.setattr(troubled, "target", lambda: SimpleNamespace(instances=known))


def _answer(
    url: str = OTHER, status: int | None = None, started: float = 10.0, ended: float = 10.1, *,
    error: str = "database_unavailable", after: str | None = "1", failure: str = "reset", number: str = "x.1",
) -> Answer:  # fmt: skip
    call = Call("POST", f"{url}/inventory/reserve", body={"operation_id": "7"}, writes="factory_reservation")
    headers = {} if after is None else {"retry-after": after}
    content = b"" if status is None else b'{"error": "%s"}' % error.encode()
    return Answer(call, number, status, content, headers, started, ended, failure if status is None else None)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_answer(), None),
        (_answer(url=ONE), "no answer, though its instance lived"),
        (_answer(started=10.3, ended=10.4), "no answer, though its instance lived"),
        (_answer(started=10.3, ended=10.4, failure="ConnectionRefusedError: refused"), None),
        (_answer(status=500), "a 5xx that is no 503"),
        (_answer(status=503), None),
        (_answer(status=503, error="busy"), "none of database_unavailable, outcome_unknown"),
        (_answer(status=503, after=None), "with no Retry-After"),
        (_answer(status=503, after="soon"), "with soon Retry-After"),
        (_answer(status=200, ended=12.1), "longer than 2 s"),
    ],
)
def test_what_is_not_as_it_may_be_is_told(answer: Answer, words: str | None) -> None:
    found = troubled.disorder([answer], [KILLED], CODES, 2.0)
    assert found == [] if words is None else words in found[0]


def test_an_instance_that_is_held_may_keep_its_callers_waiting() -> None:
    held = Happened("pause two", "two", 10.0, 12.5)
    assert troubled.disorder([_answer(status=200, ended=12.6)], [held], CODES, 2.0) == []
    assert troubled.disorder([_answer(ONE, 200, ended=12.6)], [held], CODES, 2.0)


def test_only_what_was_under_way_may_be_lost() -> None:
    assert troubled.not_under_way([_answer(), _answer(status=200)], [KILLED]) == []
    assert len(troubled.not_under_way([_answer(ONE), _answer(status=503)], [])) == 2


def test_a_call_is_lost_when_its_last_answer_is_none() -> None:
    again = _answer(status=200, started=11.0, number="x.1-again-1")
    assert troubled.never_answered([again, _answer()]) == []
    assert len(troubled.never_answered([_answer(number="x.2"), again, _answer()])) == 1


def test_what_was_said_to_be_unwritten_has_to_be() -> None:
    written = {("7", "factory_reservation")}
    found = troubled.written_after_all([_answer(status=503)], CODES - {"outcome_unknown"}, written)
    assert "it is in the ledger" in found[0]
    unknown = _answer(status=503, error="outcome_unknown")
    assert troubled.written_after_all([unknown, _answer(status=503)], CODES - {"outcome_unknown"}, written) == []
    assert troubled.written_after_all([_answer(status=503)], CODES, set()) == []


def _health(status: int | None, started: float) -> Answer:
    call = Call("GET", f"{ONE}/health/ready")
    return Answer(call, "x.9", status, b"{}", {}, started, started + 0.25, None if status else "reset")


def test_readiness_is_told_and_held_against_what_was_wanted() -> None:
    red, green = [_health(200, 1.0), _health(503, 2.0), _health(503, 3.0)], [_health(200, 1.0), _health(None, 2.0)]
    assert troubled.readiness(red, "red") == troubled.readiness(red, "brief") == "red for 1.2 s"
    assert troubled.readiness(green, "green") == troubled.readiness(green, "either") == "green"
    assert troubled.readiness(green, "brief") == "too short to see"
    with pytest.raises(AssertionError, match="no instance called itself not ready meanwhile: 1 times it was asked"):
        troubled.readiness(green, "red")
    with pytest.raises(AssertionError, match="though nothing was away that it stands for"):
        troubled.readiness(red, "green")


def test_a_day_that_was_not_closed_is_told_and_one_that_nobody_had_is_not_wanted() -> None:
    today, stone = date(2026, 3, 2), Variant("resources", "stone")
    old = Row("1", "main", stone, 3, "system_reward", "7", datetime(2026, 3, 1, 23, 59, 59, 999999, UTC))
    new = Row("2", "factory", stone, 3, "system_reward", "8", datetime(2026, 3, 2, tzinfo=UTC))
    closed = Snapshot("main", stone, date(2026, 3, 1), 3)
    assert troubled.not_closed(Ledger((old, new), (closed,), today)) == []
    assert "stone in main has 0 snapshots for 2026-03-01" in troubled.not_closed(Ledger((old, new), (), today))[0]
    assert "stone in main has 2 snapshots" in troubled.not_closed(Ledger((old,), (closed, closed), today))[0]
    assert "stone in main has 1 snapshots" in troubled.not_closed(Ledger((new,), (closed,), today))[0]
