"""What a run says of its strength is what its tests proved."""

from __future__ import annotations

import json
from pathlib import Path

from reporting.strength import mutation_score, strength

RULES = ["1.1 S", "4.5 S", "4.5 H", "law 1", "law 2"]


def test_a_rule_is_proven_when_one_test_passed_and_none_failed() -> None:
    tests = [
        ("PASS", "4.5 S, law 2: both"),
        ("SKIP", "4.5 S: no such item here"),
        ("FAIL", "law 2: below zero"),
        ("SKIP", "4.5 H: not here"),
        ("PASS", "names no rule"),
    ]
    assert strength(tests, RULES) == (
        "1 of 5 rules of the contract are proven; 1 have red tests (law 2); 1 were skipped on this target (4.5 H); "
        "2 had no test in this run (1.1 S, law 1)"
    )


def test_rules_of_hardening_that_had_no_test_are_counted_only() -> None:
    assert strength([("PASS", "4.5 S: it"), ("PASS", "law 1: it")], RULES) == (
        "2 of 5 rules of the contract are proven; 3 had no test in this run (1.1 S, law 2, 1 of hardening)"
    )


def test_a_run_that_proved_all_says_only_that() -> None:
    assert strength([("PASS", f"{rule}: it") for rule in RULES], RULES) == "5 of 5 rules of the contract are proven"


def test_the_mutation_score_is_that_of_this_commit_or_said_not_to_be(tmp_path: Path) -> None:
    file = tmp_path / "mutants.json"
    assert mutation_score(file, "abc1234") == "its mutation score was not measured (make mutants)"
    file.write_text(json.dumps({"commit": "abc1234def56", "language": {"sql": {"noticed": 19, "asked": 20}}}))
    assert mutation_score(file, "abc1234") == "mutation score sql 19 of 20"
    for other in ("abc1234+", "fff0000"):
        assert "measured at another commit, abc1234def56" in mutation_score(file, other)
