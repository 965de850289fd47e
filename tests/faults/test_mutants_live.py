"""Mutants in a real stack: put in, noticed, taken back without a trace."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from faults.mutants import robots
from faults.mutants.arena import Arena, BrokenArenaError, NoMutantError
from faults.mutants.campaign import Result, run
from faults.mutants.collect import ROOT, fingerprint, functions, python_mutants, sql_mutants
from faults.mutants.history import History
from faults.mutants.judged import judgements, rule_of, rules
from faults.mutants.mutant import Mutant
from faults.mutants.robots import Suites
from stack.processes import key_of

SMALL = Path(__file__).parent / "small_suites"
TOKENS = ROOT / "services" / "common" / "tokens.py"


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    with Arena(1, tmp_path_factory.mktemp("arena") / "a", key_of(os.getpid())) as started:
        yield started


@pytest.fixture(scope="module")
def in_database(arena: Arena) -> list[Mutant]:
    return list(sql_mutants(arena.database))


@pytest.fixture
def suites(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> Suites:
    monkeypatch.setattr(robots, "SUITES", SMALL)
    for name in arena.environment:
        monkeypatch.setenv(name, "")
    return Suites(arena.environment)


def pick(mutants: list[Mutant], **wanted: str) -> Mutant:
    return next(one for one in mutants if all(getattr(one, name) == value for name, value in wanted.items()))


def refusing_nobody() -> Mutant:
    return pick(list(python_mutants(TOKENS)), function="bearer", kind="condition never true",
                original="authorization is None")  # fmt: skip


def wrong_day(mutants: list[Mutant]) -> Mutant:
    return pick(mutants, function="day_start", original="'day'")


def test_a_restored_function_is_the_same_to_the_byte(arena: Arena, in_database: list[Mutant]) -> None:
    before = functions(arena.database)
    one = pick(in_database, function="reserve", kind="statement dropped")
    arena.put(one)
    assert functions(arena.database)["inventory.reserve"] != before["inventory.reserve"]
    arena.put(None)
    assert functions(arena.database) == before


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("inventory.classifier_items", "constraint dropped"),
        ("inventory.daily_balances", "column dropped"),
        ("inventory.operations", "trigger dropped"),
        ("inventory.operations", "event dropped"),
        ("inventory.operations", "comparison shifted"),
        ("inventory.operations", "index dropped"),
        ("auth.users", "default dropped"),
    ],
)
def test_what_is_no_function_is_put_back_too(arena: Arena, in_database: list[Mutant], table: str, kind: str) -> None:
    some = [one for one in in_database if one.file == table and one.kind == kind]
    assert some
    for one in some:
        arena.put(one)
        assert fingerprint(arena.database) != arena.baseline
    arena.put(None)
    assert fingerprint(arena.database) == arena.baseline


def test_a_mutant_that_cannot_be_taken_back_is_told(arena: Arena, in_database: list[Mutant]) -> None:
    check = "users_telegram_id_check CHECK ((telegram_id > 0))"
    arena.put(pick(in_database, file="auth.users", kind="constraint dropped", original=check))
    with arena.database.cursor() as cursor:
        cursor.execute("INSERT INTO auth.users (telegram_id, first_name) VALUES (-1, 'a')")
    with pytest.raises(BrokenArenaError):
        arena.put(None)
    arena.replace()
    assert arena.is_ready()


def test_what_postgresql_refuses_is_no_mutant(arena: Arena, in_database: list[Mutant]) -> None:
    column = pick(in_database, file="inventory.classifier_items", kind="column dropped", change="UNIQUE (code)")
    with pytest.raises(NoMutantError):
        arena.put(column)
    arena.put(None)


def test_the_suites_are_green_without_a_mutant_and_red_with_one(
    arena: Arena, suites: Suites, in_database: list[Mutant]
) -> None:
    arena.put(None)
    assert suites.ask(60.0).ran == 3
    for one, test in (
        (refusing_nobody(), "A Call Without A Token Is Refused"),
        (wrong_day(in_database), "A Day Starts At Midnight"),
    ):
        arena.put(one)
        verdict = suites.ask(60.0)
        assert (verdict.red, str(verdict.test).rpartition(".")[2]) == (True, test)
        assert not suites.ask(60.0, without=[str(verdict.test)]).red
        assert suites.ask(60.0, only={str(verdict.test): verdict.source}).ran == 1
    arena.put(None)
    assert not suites.ask(60.0).red


def test_a_mutant_is_put_to_the_tests_that_reach_it(arena: Arena, suites: Suites, in_database: list[Mutant]) -> None:
    assert suites.reaching(refusing_nobody()) is None
    arena.put(None, marking=True)
    assert not suites.ask(60.0, marks=arena.folder).red
    arena.put(None)
    found = suites.reaching(refusing_nobody())
    assert found is not None
    assert [test.rpartition(".")[2] for test in found] == ["A Call Without A Token Is Refused"]
    assert set(found.values()) == {str(SMALL / "small.robot")}
    assert suites.reaching(wrong_day(in_database)) is None
    unreached = pick(list(python_mutants(TOKENS)), function="_untrusted", kind="result dropped")
    assert suites.reaching(unreached) == {}


def test_a_service_that_does_not_start_is_red(arena: Arena, suites: Suites) -> None:
    one = refusing_nobody()
    broken = Mutant(**{**vars(one), "install": "raise RuntimeError('broken')\n"})
    arena.put(broken)
    assert not arena.is_ready()
    assert suites.ask(60.0).red
    log = Path(arena.stack.inventory[0].log)
    assert "RuntimeError: broken" in log.read_text()
    arena.put(None)
    assert "RuntimeError: broken" not in log.read_text()
    assert arena.is_ready()
    assert not suites.ask(60.0).red


def test_what_a_mutant_did_to_the_signing_keys_is_undone(arena: Arena) -> None:
    key = Path(arena.stack.load_secrets().signing_key_file)
    before = key.read_bytes()
    key.write_bytes(b"damaged")
    (key.parent / "another.pem").write_bytes(b"damaged too")
    arena.put(None)
    assert (key.read_bytes(), list(key.parent.iterdir())) == (before, [key])
    assert arena.is_ready()


def test_suites_that_do_not_end_are_stopped(arena: Arena, suites: Suites) -> None:
    arena.put(None)
    verdict = suites.ask(0.01)
    assert (verdict.red, verdict.timed_out) == (True, True)


def test_every_mutant_of_the_database_has_a_rule_and_every_entry_a_mutant(in_database: list[Mutant]) -> None:
    known = rules()
    assert [one.name for one in in_database if rule_of(one, known) == "?"] == []
    assert len({one.key for one in in_database}) == len(in_database)
    everything = [*in_database, *(one for path in sorted(ROOT.glob("services/*/*.py")) for one in python_mutants(path))]
    assert [entry.patterns for entry in judgements() if not any(entry.fits(one) for one in everything)] == []


def test_a_campaign_tells_what_was_noticed_and_what_was_not(
    in_database: list[Mutant], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots, "SUITES", SMALL)
    unseen = pick(in_database, function="reserve", kind="statement dropped")
    told: list[Any] = []
    history = History(tmp_path / "history.json")
    asked = [wrong_day(in_database), unseen, refusing_nobody()]
    results = run(asked, 2, history, None, lambda result, number: told.append((result.mutant, number)))
    assert {result.mutant.key: result.status for result in results} == {
        asked[0].key: "killed", unseen.key: "survived", asked[2].key: "killed"
    }  # fmt: skip
    assert [number for _, number in told] == [1, 2, 3]
    assert list(history.first(asked[2])) == ["Small Suites.Small.A Call Without A Token Is Refused"]
    assert all(isinstance(result, Result) for result in results)
