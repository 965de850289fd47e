"""Mutants that the suites cannot notice, listed with a reason; and the rule of the contract that each place serves."""

import fnmatch
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.mutants.mutant import Mutant, MutantError

FOLDER = Path(__file__).parent
_FIELDS = ("file", "function", "kind", "original", "change")


@dataclass(frozen=True)
class Judgement:
    """Some mutants and why no suite has to notice them. Each pattern that is given has to fit, as in a shell.

    ``judged_by`` names the test that notices those whose only effect is cost.
    """

    reason: str
    patterns: dict[str, str]
    judged_by: str = ""
    nth: int | None = None

    def fits(self, mutant: Mutant) -> bool:
        """Whether this is about a mutant."""
        if self.nth is not None and mutant.nth != self.nth:
            return False
        return all(_fits(getattr(mutant, field), pattern) for field, pattern in self.patterns.items())


def _fits(text: str, pattern: str) -> bool:
    # Code is full of brackets, so only * and ? are special.
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))


def judgements(file: Path = FOLDER / "equivalent.toml") -> list[Judgement]:
    """Read the list. Raises MutantError naming the entry that is not understood."""
    try:
        entries = tomllib.loads(file.read_text("utf-8")).get("equivalent", [])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise MutantError(f"{file} cannot be read: {error}") from error
    return [_judgement(entry, f"{file.name}, entry {number}") for number, entry in enumerate(entries, 1)]


def _judgement(entry: dict[str, Any], where: str) -> Judgement:
    unknown = set(entry) - {*_FIELDS, "reason", "judged_by", "nth"}
    if unknown:
        known = ", ".join((*_FIELDS, "nth", "reason", "judged_by"))
        raise MutantError(f"{where}: {min(unknown)!r} is not known: choose from {known}")
    reason, patterns = str(entry.get("reason", "")), {name: str(entry[name]) for name in _FIELDS if name in entry}
    if not reason or "file" not in patterns or len(patterns) < 2:
        raise MutantError(f"{where}: needs a reason, a file and at least one of {', '.join(_FIELDS[1:])}")
    return Judgement(reason, patterns, str(entry.get("judged_by", "")), entry.get("nth"))


def judgement_of(mutant: Mutant, listed: list[Judgement]) -> Judgement | None:
    """The first entry that is about a mutant, None when it has to be noticed."""
    return next((entry for entry in listed if entry.fits(mutant)), None)


def rules(file: Path = FOLDER / "rules.toml") -> list[tuple[str, str]]:
    """Patterns of ``file:function`` and the rules that such places serve; the first that fits counts."""
    try:
        return [(place, str(rule)) for place, rule in tomllib.loads(file.read_text("utf-8"))["rules"].items()]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise MutantError(f"{file} cannot be read: {error}") from error


def rule_of(mutant: Mutant, known: list[tuple[str, str]]) -> str:
    """The rule of the contract that a mutant's place serves, ``?`` when nobody has said."""
    place = f"{mutant.file}:{mutant.function}"
    return next((rule for pattern, rule in known if fnmatch.fnmatchcase(place, pattern)), "?")
