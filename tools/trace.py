"""Sets the contract's rules beside the tests that prove them: ``python tools/trace.py [--tests]``.

A test begins its documentation with the rules that it proves: ``4.5 S, law 2: free text``. Exit code 1 when a rule has
no proof, or when a test and its rules do not fit each other.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robot.api import TestSuite
from robot.errors import DataError
from robot.model import BodyItem

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from reporting.strength import references, rules_of  # noqa: E402

# Rules that no suite can prove: the file that does, and why it is not a suite.
ELSEWHERE = {
    "6.3 S": ("monitoring/02__alerts.robot", "an alert needs a Prometheus and minutes; `make monitoring`"),
}
# What the reference services do not keep yet, by rule: nothing now. Whoever makes them keep it strikes the line.
NOT_YET: list[tuple[str, str]] = []
# So many tests ask on by what they were answered, where the contract leaves an answer open. No more: a row or a keyword
# of its own says what is asked, a branch does not.
MOST_BRANCHES = 8


_BRANCHES = (BodyItem.IF_ELSE_ROOT, BodyItem.TRY_EXCEPT_ROOT, BodyItem.WHILE)


@dataclass(frozen=True)
class Test:
    """A test of the suites, and the rules that its documentation begins with."""

    __test__ = False

    where: str
    name: str
    rules: tuple[str, ...]
    is_hardening: bool
    has_branches: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.name}"


def tests_in(folder: Path) -> list[Test]:
    """Return the tests of all suites in a folder. Raises DataError when it has none."""
    return [
        Test(
            str(Path(str(test.source)).relative_to(folder).with_suffix("")), test.name, references(test.doc),
            "hardening" in test.tags, _has_branches(test.body),
        )
        for test in TestSuite.from_file_system(folder).all_tests
    ]  # fmt: skip


def _has_branches(body: Iterable[Any]) -> bool:
    """Say whether steps are taken or not by what happened, which a loop over rows or sections is not."""
    return any(one.type in _BRANCHES or (one.type == one.FOR and _has_branches(one.body)) for one in body)


def misfits(test: Test, rules: Iterable[str]) -> list[str]:
    """Return, in words, how a test and its rules do not fit each other."""
    if not test.rules:
        return [f"{test} names no rule: begin its documentation with one, like '4.5 S, law 2: ...'"]
    found = [f"{test} names rule {one}, which the contract lacks" for one in test.rules if one not in rules]
    hardening = [one for one in test.rules if one.endswith(" H")]
    if hardening and not test.is_hardening:
        found.append(f"{test} names rule {hardening[0]} and lacks the tag hardening")
    if test.is_hardening and not hardening:
        found.append(f"{test} has the tag hardening and names no rule of hardening (H)")
    return found


def unproven(
    rules: Sequence[str], proven: Mapping[str, Sequence[Test]], elsewhere: Mapping[str, tuple[str, str]],
    not_yet: Sequence[tuple[str, str]], root: Path,
) -> list[str]:  # fmt: skip
    """Return, in words, which rules have no proof, and which entries of the two tables are out of date."""
    excused = {rule for rule, _ in not_yet}
    found = [f"rule {one} has no test" for one in rules if not {one} & {*proven, *elsewhere, *excused}]
    unknown = sorted({*elsewhere, *excused} - set(rules))
    found += [f"the tables of tools/trace.py name rule {rule}, which the contract lacks" for rule in unknown]
    for rule, (file, _) in elsewhere.items():
        if not (root / file).is_file():
            found.append(f"rule {rule} is said to be proven by {file}, which is not there")
        if rule in proven:
            found.append(f"rule {rule} has a test ({proven[rule][0]}): strike it from the table of proofs elsewhere")
    return found


def table(rules: Sequence[str], proven: Mapping[str, Sequence[Test]], with_tests: bool) -> str:
    """Return the rules, each with what proves it."""
    missing: dict[str, list[str]] = {}
    for rule, what in NOT_YET:
        missing.setdefault(rule, []).append(what)
    lines = []
    for rule in rules:
        tests = proven.get(rule, ())
        files = Counter(test.where for test in tests)
        told = [f"{where} {count}" for where, count in files.items()]
        if rule in ELSEWHERE:
            told.append(" - ".join(ELSEWHERE[rule]))
        lines.append(f"{rule:<7}{len(tests):>4}  {', '.join(told) or '-'}")
        if with_tests:
            lines += [f"{'':13}{test}" for test in tests]
        lines += [f"{'':13}not yet: {what}" for what in missing.get(rule, ())]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print the table; return 1 when something is unproven or does not fit."""
    if arguments not in ([], ["--tests"]):
        print("error: usage: trace.py [--tests]", file=sys.stderr)
        return 2
    try:
        rules = rules_of((ROOT / "docs" / "contract.md").read_text("utf-8"))
        tests = tests_in(ROOT / "suites")
    except (OSError, DataError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    proven = {rule: [test for test in tests if rule in test.rules] for rule in rules}
    proven = {rule: found for rule, found in proven.items() if found}
    print(table(rules, proven, bool(arguments)))
    problems = [problem for test in tests for problem in misfits(test, rules)]
    problems += unproven(rules, proven, ELSEWHERE, NOT_YET, ROOT)
    branching = [str(test) for test in tests if test.has_branches]
    if len(branching) > MOST_BRANCHES:
        problems.append(f"{len(branching)} tests have an IF, TRY or WHILE, {MOST_BRANCHES} may: {'; '.join(branching)}")
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    kept = f"{len(missing)} of them not kept yet" if (missing := dict(NOT_YET)) else "all kept"
    print(f"{len(rules)} rules, {kept}, {len(tests)} tests, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
