"""The gallery: every fault says what it breaks, and what it would change is there to be changed."""

import os
import re
import traceback
from pathlib import Path

import psycopg2
import pytest

from faults import dialects
from faults.__main__ import main
from faults.dialects.dialect import KNOWN
from faults.fault import Fault, FaultError, find, install, names
from faults.patching import replace
from faults.prove import Proof, _stages, rules_told, summary
from reporting.causes import Red
from services.migrations.apply import read_migrations

FUNCTIONS = {
    match.group(1): match.group(2)
    for migration in read_migrations()
    for match in re.finditer(
        r"CREATE (?:OR REPLACE )?FUNCTION inventory\.(\w+)\(.*?AS \$\$(.*?)\$\$", migration.sql, re.DOTALL
    )
}

CONTRACT = (Path(__file__).parents[2] / "docs" / "contract.md").read_text()
PROMISED = {*re.findall(r"\*\*(\d\.\d+) [SH]\*\*", CONTRACT), *(f"law {number}" for number in range(1, 8))}


@pytest.mark.parametrize("name", names())
def test_a_fault_says_which_rule_it_breaks(name: str) -> None:
    fault = find(name)
    assert fault.summary.endswith(".")
    if fault.proven_by == "suites":
        assert rules_told(fault.rule) <= PROMISED
        assert rules_told(fault.rule)
    assert fault.sql or fault.statements or fault.patch


@pytest.mark.parametrize(
    "changed", [one for one in (*map(find, names()), *KNOWN.values()) if one.sql], ids=lambda one: one.name
)
def test_the_text_that_a_fault_replaces_is_in_the_function(changed: Fault) -> None:
    for change in changed.sql:
        assert change.text in FUNCTIONS[change.function]
        assert change.becomes != change.text


@pytest.mark.parametrize("wrong", ["", "DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD"])
def test_a_service_that_is_told_of_no_database_is_left_to_say_so(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = next(one for one in map(find, names()) if one.sql)
    good = {"DB_HOST": "127.0.0.1", "DB_PORT": "1", "DB_NAME": "n", "DB_USER": "u", "DB_PASSWORD": "p"}
    for name, value in good.items():
        monkeypatch.setenv(name, value)
    if not wrong:
        # Whoever could reach one has to find it.
        with pytest.raises(psycopg2.OperationalError):
            install([changed])
        return
    for value in ("", "0", "65536", "many") if wrong == "DB_PORT" else ("",):
        monkeypatch.setenv(wrong, value)
        install([changed])
    monkeypatch.delenv(wrong)
    install([changed])


@pytest.mark.parametrize("changed", [one for one in map(find, names()) if one.patch], ids=lambda one: one.name)
def test_the_part_that_a_fault_replaces_is_in_the_service(changed: Fault) -> None:
    assert changed.patch is not None
    # A process of its own: nothing takes a change back.
    child = os.fork()
    if not child:
        try:
            changed.patch()
        except BaseException:  # noqa: BLE001  the parent hears by the exit code alone
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0


def test_every_file_of_the_gallery_is_a_fault() -> None:
    folder = Path(__file__).parents[2] / "faults" / "gallery"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(names())


def test_no_fault_has_the_name_of_a_dialect() -> None:
    assert not {*names()} & {*KNOWN}


def test_an_unknown_fault_is_named_with_the_nearest_ones() -> None:
    with pytest.raises(FaultError, match=r"no fault 'admin_opened': did you mean admin_open"):
        find("admin_opened")


def test_the_command_line_tells_an_unknown_fault_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "typo"]) == 1
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 1
    assert errors[0].startswith("error: there is no fault 'typo'")


def test_the_command_line_tells_suites_that_are_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", names()[0], "--suites", "e2e"]) == 1
    assert capsys.readouterr().err == (
        "error: there are no suites at e2e: name a folder or a file, such as suites/e2e\n"
    )


def test_list_names_every_fault_and_dialect(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [*names(), *dialects.names()]


def test_a_part_that_is_not_there_cannot_be_replaced() -> None:
    with pytest.raises(AttributeError):
        replace(Path, "no_such_part", lambda original: original)


def test_the_summary_counts_what_was_noticed_and_how_well_it_was_told() -> None:
    red = [Red("A Test", "4.5 S.", "[4.5 S] too little")]
    proofs = [Proof("one", "4.5 S: x", 9, red, 1, names_rule=True), Proof("two", "law 2: x", 9, 3 * red, 2),
              Proof("three", "law 3: x", 9)]  # fmt: skip
    assert summary(proofs) == [
        "2 of 3 faults were noticed",
        "red tests of a fault: median 2, most 3",
        "causes on the console: median 1.5, most 2",
        "the first red test's message names the rule that the fault breaks in 1 of 2",
    ]


def test_a_fault_and_a_message_meet_in_the_number_of_a_rule() -> None:
    assert rules_told("4.12 S, law 3: a reservation ends once") == {"4.12", "law 3"}
    assert rules_told("[Law 3, 4.12 S] 2 of 2 were answered 200") == {"law 3", "4.12"}
    assert not rules_told("an answer after 1.5 s")


def test_a_short_proof_asks_the_tests_of_the_broken_rule_first_and_then_all() -> None:
    near, everything = _stages(find("credit_forgotten"), "suites", [])
    assert near[::2][:-1] == ["--test"] * (len(near) // 2)
    assert (near[-1], everything) == ("--exitonfailure", ["--exitonfailure"])


def test_a_short_proof_begins_with_what_noticed_the_fault_before_and_is_still_there() -> None:
    near, _ = _stages(find("credit_forgotten"), "suites", [])
    noticed = near[1].replace("[[]", "[")
    first, *rest = _stages(find("credit_forgotten"), "suites", ["Suites.That.Has.Gone", noticed])
    assert first == ["--test", near[1], "--exitonfailure"]
    assert rest == _stages(find("credit_forgotten"), "suites", ["Suites.That.Has.Gone"])


def test_the_summary_of_short_proofs_counts_no_red_tests() -> None:
    red = [Red("a", "Law 1", "Law 1: x")]
    lines = summary([Proof("one", "law 1", red=red, names_rule=True, short=True), Proof("two", "law 2", short=True)])
    assert lines == [
        "1 of 2 faults were noticed",
        "the first red test's message names the rule that the fault breaks in 1 of 1",
    ]
