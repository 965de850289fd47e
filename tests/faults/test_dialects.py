"""Dialects: how they are named and added up, what describes them, and that red tests are told apart by their rules."""

from __future__ import annotations

from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from robot.api import ExecutionResult
from robot.run import run

from faults import dialects
from faults.__main__ import main
from faults.dialects.dialect import KNOWN, dialect
from faults.fault import FaultError, names
from faults.measure import Measured, _first_line, _Results, measure
from faults.patching import reword
from stack.__main__ import main as stack_main
from stack.components import spoken
from stack.errors import StackError

SUITE = """
*** Test Cases ***
Green
    No Operation

Green Of H
    [Tags]    hardening
    No Operation

Red
    Fail    a promise is broken

Red Of H
    [Tags]    hardening
    Fail    a wish is not granted

Skipped
    Skip    nothing of the kind is here
"""


@pytest.mark.parametrize("name", dialects.names())
def test_a_dialect_says_whose_freedom_it_takes(name: str) -> None:
    assert KNOWN[name].rule[0].isdigit()
    assert KNOWN[name].summary.endswith(".")
    assert name not in names()
    assert name != dialects.BARE


def test_bare_is_the_sum_of_what_its_shape_can_speak() -> None:
    single = {one.name for one in dialects.spoken("bare", "single")}
    split = {one.name for one in dialects.spoken("bare", "split")}
    assert split - single == {"network_guards_internal", "network_guards_admin", "health_alone"}
    assert single < split < set(KNOWN)
    assert "first_missing_item" not in split


def test_one_dialect_can_be_left_out_of_bare() -> None:
    found = {one.name for one in dialects.spoken("bare,-login_limit", "single")}
    assert "login_limit" not in found
    assert "no_kid" in found


def test_dialects_are_spoken_in_one_order() -> None:
    assert dialects.spoken("no_currencies,other_items", "single") == dialects.spoken(
        "other_items,no_currencies", "single"
    )


def test_an_unknown_dialect_and_one_of_another_shape_are_told() -> None:
    with pytest.raises(FaultError, match=r"no dialect 'typo': choose bare or of "):
        dialects.spoken("no_kid,typo", "single")
    with pytest.raises(FaultError, match="network_guards_admin is for shape split, not single"):
        dialects.spoken("network_guards_admin", "single")
    with pytest.raises(StackError, match="no dialect 'typo'"):
        spoken("typo", "single")


def test_the_stack_tells_an_unknown_dialect_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert stack_main(["up", "--dialect", "typo"]) == 1
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 1
    assert errors[0].startswith("there is no dialect 'typo': choose bare or of ")


def test_two_dialects_cannot_have_one_name() -> None:
    def no_kid() -> None:
        """Come too late."""

    with pytest.raises(ValueError, match="two dialects no_kid"):
        dialect("2.10")(no_kid)


def test_the_stack_learns_what_a_dialect_asks_for() -> None:
    asked = spoken("bare", "split")
    assert asked.instances == 1
    assert asked.env["ADMIN_AUTH"] == "none"
    assert asked.settings["TARGET_ADMIN_AUTH"] == "network"
    assert spoken(None, "single").tokens(b"") == {}


def test_tokens_are_made_where_the_services_give_none() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    made = spoken("no_service_tokens", "single").tokens(pem)
    assert jwt.decode(made["service_token"], options={"verify_signature": False})["roles"] == ["internal"]
    bare = spoken("bare", "single").tokens(pem)
    assert sorted(bare) == ["admin_token", "service_token"]
    assert "roles" not in jwt.decode(bare["admin_token"], options={"verify_signature": False})


def test_a_text_that_is_not_there_cannot_be_reworded() -> None:
    with pytest.raises(AttributeError, match="BARE has no text 'x'"):
        reword(dialects, "BARE", "x", "y")


def test_red_tests_of_s_rules_are_told_from_those_of_h_rules(tmp_path: Path) -> None:
    (tmp_path / "some.robot").write_text(SUITE)
    output = tmp_path / "output.xml"
    run(str(tmp_path / "some.robot"), output=str(output), log="NONE", report="NONE", console="none")
    measured = Measured("no_kid", "2.10", "single")
    ExecutionResult(str(output)).visit(_Results(measured))
    assert [(red.name, red.message) for red in measured.red_of_s] == [("Some.Red", "a promise is broken")]
    assert [red.name for red in measured.red_of_h] == ["Some.Red Of H"]
    assert measured.green_of_h == ["Some.Green Of H"]
    assert measured.skipped == {"nothing of the kind is here": 1}
    assert measured.passed == 2


@pytest.mark.parametrize(
    ("message", "first"),
    [
        ("a promise is broken\nand more", "a promise is broken"),
        ("Several failures occurred:\n\n1) a promise is broken\n\n2) another", "a promise is broken"),
        ("Teardown failed:\nLaw 1 is broken", "Law 1 is broken"),
        ("Skipped in parent suite setup:\nnothing here", "nothing here"),
        ("", "(no message)"),
    ],
)
def test_the_first_line_that_says_something_is_told(message: str, first: str) -> None:
    assert _first_line(message) == first


def test_a_false_alarm_fails_the_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def found(one: Measured, *, twice: bool) -> None:
        (tmp_path / "some.robot").write_text(SUITE)
        output = tmp_path / "output.xml"
        run(str(tmp_path / "some.robot"), output=str(output), log="NONE", report="NONE", console="none")
        ExecutionResult(str(output)).visit(_Results(one))

    monkeypatch.setattr("faults.measure._measure", found)
    assert measure(["bare", "no_kid", "network_guards_admin"], None, tmp_path / "r", short=False) == 1
    told = capsys.readouterr().out
    assert [line.split()[:2] for line in told.splitlines() if " red of S, " in line] == [
        ["bare", "single"], ["bare", "split"], ["no_kid", "single"], ["network_guards_admin", "split"],
    ]  # fmt: skip
    assert "S Some.Red\n" in told
    assert (tmp_path / "r" / "dialects.json").exists()


def test_an_unknown_dialect_is_told_before_the_first_stack_starts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dialects", "no_kid", "typo"]) == 1
    assert capsys.readouterr().err.startswith("error: there is no dialect 'typo'")
