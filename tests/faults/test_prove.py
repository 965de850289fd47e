"""Proofs of many faults: in parts, and none of them lost because one could not be asked about or does not end."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from faults import dialects, measure, parts, prove
from faults.__main__ import main
from faults.fault import Fault, FaultError, find, names
from faults.prove import Proof
from reporting.causes import Red

SOME = ["credit_forgotten", "internal_open", "stale_cache"]


def no_end(*_: Any, **options: Any) -> None:
    """Be a run that does not end."""
    raise subprocess.TimeoutExpired("robot", options["timeout"])


@pytest.fixture
def a_stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A stack that is none, and the names of what was done with it."""
    told: list[str] = []
    state = SimpleNamespace(settings={}, run_dir=str(tmp_path))

    def start(*_: Any, **__: Any) -> Any:
        told.append("start")
        return state

    monkeypatch.setattr("stack.client.attach_or_start", start)
    monkeypatch.setattr("stack.client.stop", lambda _: told.append("stop"))
    return told


@pytest.mark.parametrize("count", [1, 2, 7, 10])
def test_the_parts_are_the_whole_once_and_of_one_size(count: int) -> None:
    whole = list(range(10))
    found = [parts.part_of(whole, f"{number}/{count}") for number in range(1, count + 1)]
    assert sorted(one for part in found for one in part) == whole
    assert max(map(len, found)) - min(map(len, found)) <= 1


def test_each_day_has_the_next_part(monkeypatch: pytest.MonkeyPatch) -> None:
    began = datetime(2025, 12, 30, 23, 59, tzinfo=UTC)
    found = []
    for day in range(4):
        now = began + timedelta(days=day)
        monkeypatch.setattr(parts, "datetime", SimpleNamespace(now=lambda _, now=now: now))
        found += parts.part_of("abcd", "today/4")
    assert "".join(found) in "abcdabc"
    assert sorted(found) == [*"abcd"]


@pytest.mark.parametrize(
    ("wish", "words"),
    [("3", "no part '3': say 3/30"), ("0/3", "no part '0/3'"), ("3/0", "no part '3/0'"), ("x/3", "no part 'x/3'"),
     ("4/3", "no part 4/3: the last of 3 is 3/3"), ("4/4", "part 4/4 is empty: there are 3 in all")],
)  # fmt: skip
def test_a_part_that_is_not_there_is_told(wish: str, words: str) -> None:
    with pytest.raises(FaultError, match=words):
        parts.part_of(SOME, wish)


def test_the_command_line_proves_a_part(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []

    def noted(faults: list[Fault], *_: Any, **__: Any) -> int:
        asked.extend(one.name for one in faults)
        return 0

    monkeypatch.setattr(prove, "prove", noted)
    assert main(["prove", "--part", "2/30"]) == 0
    all_of_suites = [name for name in names() if find(name).proven_by in ("suites", prove.KILLING)]
    assert asked == all_of_suites[1::30]
    assert capsys.readouterr().out == f"part 2 of 30: {len(asked)} of {len(all_of_suites)}\n"
    assert main(["prove", "--part", "31/30"]) == 1
    assert capsys.readouterr().err == "error: there is no part 31/30: the last of 30 is 30/30\n"


def test_a_part_of_the_dialects_has_no_bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []
    monkeypatch.setattr(measure, "_measure", lambda one, **_: asked.append(one.dialect))
    for number in (1, 2, 3):
        assert main(["dialects", "--part", f"{number}/3", "--results", str(tmp_path)]) == 0
    assert sorted(asked) == sorted(dialects.names())


def test_a_fault_that_cannot_be_asked_about_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def found(fault: Fault, **_: Any) -> Proof:
        if fault.name == SOME[1]:
            raise FaultError("the stack did not start")
        return Proof(fault.name, fault.rule, 9, [Red("a", "4.5 S.", "[4.5 S] x")])

    monkeypatch.setattr(prove, "run_against", found)
    assert prove.prove([find(name) for name in SOME], tmp_path) == 1
    told = capsys.readouterr()
    assert "2 of 2 faults were noticed" in told.out
    assert told.err.splitlines() == [
        "error: internal_open: the stack did not start", "error: not proven, as told above: internal_open",
    ]  # fmt: skip
    assert [one["fault"] for one in json.loads((tmp_path / "faults.json").read_text())] == [SOME[0], SOME[2]]


def test_a_fault_with_which_the_suites_do_not_end_is_noticed_and_named(
    a_stack: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("subprocess.run", no_end)
    assert prove.prove([find(SOME[0])], tmp_path, short=True) == 0
    assert a_stack == ["start", "stop"]
    told = capsys.readouterr().out
    assert "did not end in 900 s" in told
    assert "noticed only because the suites did not end in 900 s: credit_forgotten" in told
    (kept,) = json.loads((tmp_path / "faults.json").read_text())
    assert (kept["ended"], kept["names_rule"], len(kept["red"])) == (False, False, 1)


def test_a_dialect_with_which_the_suites_do_not_end_fails_and_leaves_the_others(
    a_stack: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("subprocess.run", no_end)
    assert main(["dialects", "no_kid", "network_guards_admin", "--results", str(tmp_path)]) == 1
    assert a_stack == ["start", "stop"] * 2
    assert capsys.readouterr().err.splitlines() == [
        "error: no_kid (single): the suites did not end in 1800 s",
        "error: network_guards_admin (split): the suites did not end in 1800 s",
        "error: not measured, as told above: no_kid (single), network_guards_admin (split)",
    ]


def test_what_noticed_a_fault_is_recorded_and_asked_first_next_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun_with: list[list[str]] = []

    def found(fault: Fault, *, before: list[str] | tuple[()] = (), **_: Any) -> Proof:
        begun_with.append(list(before))
        return Proof(fault.name, fault.rule, 9, [Red("Suites.A.B", "", "x")] if fault.name == SOME[0] else [])

    monkeypatch.setattr(prove, "run_against", found)
    monkeypatch.setattr(prove, "RECORD", tmp_path / "noticed.json")
    some = [find(name) for name in SOME[:2]]
    prove.prove(some, tmp_path / "one", short=True)
    assert not prove.RECORD.exists()
    prove.prove(some, tmp_path / "one", short=True, record=True)
    assert json.loads(prove.RECORD.read_text()) == {SOME[0]: "Suites.A.B"}
    prove.prove(some, tmp_path / "other", short=True)
    assert begun_with == [[], [], ["Suites.A.B"], [], ["Suites.A.B"], []]


def test_a_damaged_table_is_named_before_anything_starts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "faults.json").write_text("[{")
    assert main(["prove", SOME[0], "--results", str(tmp_path)]) == 1
    assert "faults.json is no JSON any more" in capsys.readouterr().err
