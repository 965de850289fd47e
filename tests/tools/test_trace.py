"""The contract's rules beside the tests that prove them."""

from __future__ import annotations

from pathlib import Path

import pytest

from reporting.strength import references, rules_of
from tools import trace

CONTRACT = """
- **S**, spec: every deployment keeps it.
- **H**, hardening.

## 2. auth-service

- **2.1 S** Login. **H**: in order.
- **2.6 S** One key. **2.7 H** All keys.
- **2.8 S** One. **2.9 S** Another, likewise. **H**: both.

## 5. The ledger

PostgreSQL schema `inventory` (S):

**Laws** (S), true at every instant:

1. *Balance.* It is right.
2. *No debt.* Ever.

- **5.1 S** Daily balances:

3. *No law.* A list elsewhere.
"""
RULES = ["2.1 S", "2.1 H", "2.6 S", "2.7 H", "2.8 S", "2.8 H", "2.9 S", "2.9 H", "5 S", "law 1", "law 2", "5.1 S"]


def test_rules_are_read_with_their_origins() -> None:
    assert rules_of(CONTRACT) == RULES


def test_the_contract_has_all_its_rules() -> None:
    rules = rules_of((trace.ROOT / "docs" / "contract.md").read_text("utf-8"))
    assert len(rules) == len(set(rules))
    assert [rule for rule in rules if rule.startswith("law")] == [f"law {number}" for number in range(1, 8)]
    assert {"1.1 S", "2.7 H", "3.9 H", "4.6 H", "4.13 H", "5 S", "5.4 H", "6.7 S", "6.7 H"} <= set(rules)
    assert not {"3.1 H", "2.7 S", "5.1 H"} & set(rules)


@pytest.mark.parametrize(
    ("documentation", "rules"),
    [
        ("4.5 S, law 2: free text, 4.6 S", ("4.5 S", "law 2")),
        ("4.5 S, 4.5 H.", ("4.5 S", "4.5 H")),
        ("5 S: the classifiers.", ("5 S",)),
        ("Law 2, law 7: ten at once", ("law 2", "law 7")),
        ("Law 1,\nlaw 3, across the end of a day.", ("law 1", "law 3")),
        ("4.3 S. Seed 7.1 TestJWT.", ("4.3 S",)),
        ("Contract, section 4 and law 3.", ()),
        ("4.5 Something", ()),
        ("", ()),
    ],
)
def test_documentation_begins_with_rules(documentation: str, rules: tuple[str, ...]) -> None:
    assert references(documentation) == rules


@pytest.mark.parametrize(
    ("rules", "is_hardening", "problem"),
    [
        (("2.1 S", "law 1"), False, None),
        (("2.1 S", "2.1 H"), True, None),
        (("2.7 H",), True, None),
        ((), False, "names no rule"),
        (("2.2 S",), False, "names rule 2.2 S, which the contract lacks"),
        (("law 9",), False, "names rule law 9, which the contract lacks"),
        (("2.7 S",), False, "names rule 2.7 S, which the contract lacks"),
        (("2.1 S", "2.1 H"), False, "names rule 2.1 H and lacks the tag hardening"),
        (("2.1 S", "law 1"), True, "has the tag hardening and names no rule of hardening"),
    ],
)
def test_tests_fit_their_rules(rules: tuple[str, ...], is_hardening: bool, problem: str | None) -> None:
    found = trace.misfits(trace.Test("auth/login", "A Test", rules, is_hardening), RULES)
    if problem is None:
        assert found == []
    else:
        assert any(problem in one for one in found), found


def test_rules_have_a_proof(tmp_path: Path) -> None:
    (tmp_path / "proof.py").touch()
    test = trace.Test("auth/login", "A Test", ("1 S",), False)

    def unproven(
        elsewhere: dict[str, tuple[str, str]] | None = None, not_yet: tuple[tuple[str, str], ...] = ()
    ) -> list[str]:
        return trace.unproven(["1 S", "2 S"], {"1 S": [test]}, elsewhere or {}, not_yet, tmp_path)

    assert unproven() == ["rule 2 S has no test"]
    assert unproven({"2 S": ("proof.py", "why")}) == []
    assert unproven(not_yet=(("2 S", "what"), ("1 S", "a part of it"))) == []
    assert unproven({"2 S": ("gone.py", "why")}) == ["rule 2 S is said to be proven by gone.py, which is not there"]
    assert "the tables of tools/trace.py name rule 3 S, which the contract lacks" in unproven(not_yet=(("3 S", "x"),))
    assert "rule 1 S has a test (auth/login: A Test): strike it" in unproven({"1 S": ("proof.py", "why")})[1]


def test_tests_are_read_with_the_tags_of_their_suite(tmp_path: Path) -> None:
    (tmp_path / "auth").mkdir()
    (tmp_path / "auth" / "login.robot").write_text(
        "*** Settings ***\nTest Tags    hardening\n*** Test Cases ***\nOne\n    [Documentation]    2.1 S,\n"
        "    ...    2.1 H: text\n    No Operation\n"
    )
    assert trace.tests_in(tmp_path) == [trace.Test("auth/login", "One", ("2.1 S", "2.1 H"), True)]


def test_a_branch_in_a_test_is_told_from_a_loop(tmp_path: Path) -> None:
    loop = "    FOR    ${{n}}    IN    1    2\n{0}    END\n"
    branch = "    IF    ${n} == 1    No Operation\n"
    for name, body in {
        "loop": loop.format("    No Operation\n"),
        "branch": branch,
        "both": loop.format(branch),
    }.items():
        (tmp_path / f"{name}.robot").write_text(f"*** Test Cases ***\nOne\n    [Documentation]    2.1 S\n{body}")
    assert {one.where: one.has_branches for one in trace.tests_in(tmp_path)} == {
        "loop": False, "branch": True, "both": True,
    }  # fmt: skip


def test_no_more_tests_may_branch(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(trace, "MOST_BRANCHES", 1)
    assert trace.main([]) == 1
    assert "tests have an IF, TRY or WHILE, 1 may: auth/dev_login: " in capsys.readouterr().err


def test_every_rule_of_this_project_is_traced(capsys: pytest.CaptureFixture[str]) -> None:
    assert trace.main([]) == 0, capsys.readouterr().err
    printed = capsys.readouterr().out
    assert printed.rstrip().endswith("0 problems")
    assert trace.main(["nonsense"]) == 2
