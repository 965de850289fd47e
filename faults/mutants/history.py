"""Which tests to ask first: those that noticed the mutants nearby, as far as anything is known."""

import contextlib
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from faults.mutants.mutant import Mutant

# Tests asked before all others. More find more, but each costs its time for every mutant.
FIRST = 8


class History:
    """The tests that noticed mutants, kept from run to run in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._killers: dict[str, str] = {}
        self._sources: dict[str, str] = {}
        self._by_function: dict[str, Counter[str]] = {}
        self._by_file: dict[str, Counter[str]] = {}
        # Damage or another form costs time, nothing else.
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            kept = json.loads(file.read_text("utf-8"))
            self._sources = {str(test): str(source) for test, source in kept["sources"].items()}
            for place, tests in kept["killers"].items():
                for key, test in tests.items():
                    self._note(place, key, test)

    def _note(self, place: str, key: str, test: str) -> None:
        if self._killers.get(f"{place}|{key}") == test:
            return
        self._killers[f"{place}|{key}"] = test
        self._by_function.setdefault(place, Counter())[test] += 1
        self._by_file.setdefault(place.partition("|")[0], Counter())[test] += 1

    def learn(self, mutant: Mutant, test: str, source: str) -> None:
        """Note that a test noticed a mutant."""
        self._sources[test] = source
        self._note(_place(mutant), mutant.key, test)

    def first(self, mutant: Mutant) -> dict[str, str]:
        """The tests that are most likely to notice a mutant, with their files: its own, its function's, its file's."""
        place = _place(mutant)
        likely = [self._killers.get(f"{place}|{mutant.key}", "")]
        for known in (self._by_function.get(place), self._by_file.get(mutant.file)):
            likely += [test for test, _ in known.most_common(FIRST)] if known else []
        # A test whose file is gone would make the run fail instead of the mutant.
        chosen = [test for test in dict.fromkeys(likely) if test and Path(self._sources.get(test, "")).is_file()]
        return {test: self._sources[test] for test in chosen[:FIRST]}

    def save(self) -> None:
        """Write the file."""
        killers: dict[str, dict[str, str]] = {}
        for name, test in self._killers.items():
            place, _, key = name.rpartition("|")
            killers.setdefault(place, {})[key] = test
        self._file.parent.mkdir(parents=True, exist_ok=True)
        content: Mapping[str, object] = {"sources": self._sources, "killers": killers}
        self._file.write_text(json.dumps(content, indent=1, sort_keys=True), "utf-8")


def _place(mutant: Mutant) -> str:
    return f"{mutant.file}|{mutant.function}"
