"""How strong a green run is: the contract's rules that it proved, and those that this target let be skipped."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
_NUMBERED = re.compile(r"\*\*(\d\.\d+) ([SH])\*\*")
_ALSO_HARDENING = "**H**:"
_SECTION = re.compile(r"^## (\d)\.")
_LAW = re.compile(r"^(\d)\. \*")
_REFERENCES = re.compile(r"(?:(?:\d(?:\.\d+)? [SH]|[Ll]aw \d)(?:, (?=\d(?:\.\d+)? [SH]|[Ll]aw \d))?)+(?![\w.]\w)")
_SHOWN = 12


def rules_of(contract: str) -> list[str]:
    """Return the rules that a contract has, as tests quote them: ``4.5 S``, ``4.5 H``, ``5 S``, ``law 2``."""
    found: list[str] = []
    section, among_laws = "", False
    for line in contract.splitlines():
        heading = _SECTION.match(line)
        section = heading[1] if heading else section
        among_laws = line.startswith("**Laws**") or (among_laws and not line.startswith("- "))
        if line.endswith("(S):"):
            found.append(f"{section} S")
        if among_laws and (law := _LAW.match(line)):
            found.append(f"law {law[1]}")
        numbered = _NUMBERED.findall(line)
        for number, origin in numbered:
            found.append(f"{number} {origin}")
            if origin == "S" and _ALSO_HARDENING in line:
                found.append(f"{number} H")
    return found


def references(documentation: str) -> tuple[str, ...]:
    """Return the rules that a test's documentation begins with."""
    match = _REFERENCES.match(" ".join(documentation.split()))
    return tuple(one.lower() if one[0] in "Ll" else one for one in match[0].split(", ")) if match else ()


def strength(tests: Iterable[Sequence[str]], rules: Iterable[str]) -> str:
    """Return in words which rules a run proved, of its tests' statuses and documentations.

    A rule is proven when one of its tests passed and none failed; skipped when all of them were.
    """
    seen: dict[str, set[str]] = {}
    for status, documentation in tests:
        for rule in references(documentation):
            seen.setdefault(rule, set()).add(status)
    rules = list(rules)
    broken = [rule for rule in rules if "FAIL" in seen.get(rule, ())]
    proven = [rule for rule in rules if "PASS" in seen.get(rule, ()) and rule not in broken]
    skipped = [rule for rule in rules if seen.get(rule) == {"SKIP"}]
    asked = {*broken, *proven, *skipped}
    left_out = [rule for rule in rules if rule not in asked]
    # A run without hardening asks about none of these: each by its name would hide the others.
    of_hardening = [rule for rule in left_out if rule.endswith(" H")]
    told = [f"{len(proven)} of {len(rules)} rules of the contract are proven"]
    for what, which, only_counted in (
        ("have red tests", broken, []), ("were skipped on this target", skipped, []),
        ("had no test in this run", left_out, of_hardening),
    ):  # fmt: skip
        if which:
            named = [rule for rule in which if rule not in only_counted]
            shown = named[:_SHOWN] + ([f"… {len(named) - _SHOWN} more"] if len(named) > _SHOWN else [])
            shown += [f"{len(only_counted)} of hardening"] if only_counted else []
            told.append(f"{len(which)} {what} ({', '.join(shown)})")
    return "; ".join(told)


def mutation_score(file: Path, at: str) -> str:
    """Return in words the mutation score of a commit, as ``make mutants`` left it in a file."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return "its mutation score was not measured (make mutants)"
    if not str(found["commit"]).startswith(at):
        return f"its mutation score was measured at another commit, {found['commit']} (make mutants)"
    told = (f"{name} {one['noticed']} of {one['asked']}" for name, one in found["language"].items())
    return f"mutation score {', '.join(told)}"


def commit() -> str:
    """Return the commit of this checkout, with a plus sign when there are changes on top; ``unknown`` outside git."""
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
            cwd=ROOT, capture_output=True, text=True, timeout=5, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return told.stdout.strip()


def in_words(tests: Iterable[Sequence[str]]) -> str:
    """Return what a whole run says of its strength, of its tests' statuses and documentations."""
    contract = ROOT / "docs" / "contract.md"
    if not contract.exists():
        return "which rules are proven is not told: docs/contract.md is not here"
    proven = strength(tests, rules_of(contract.read_text("utf-8")))
    return f"{proven}; {mutation_score(ROOT / 'results' / 'mutants.json', commit())}"
