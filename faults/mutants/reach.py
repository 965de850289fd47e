"""Which tests reach which statement of the services, so that a mutant is put to those tests alone.

While the suites run without a mutant, the services' modules mark each statement of their functions in a file that all
processes share, a byte for a line; a listener reads it and wipes it after each test. What is marked between tests, by
the start of the services or by a suite's setup, counts for all tests that come after it in its suite.
"""

import ast
import json
import mmap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.mutants.collect import ROOT, python_files
from faults.mutants.mutant import Mutant
from faults.mutants.zygote import MARK, MARKS


def statements(source: str) -> dict[int, int]:
    """Return, for each line inside a function, the line at which the innermost statement around it begins.

    What stands outside of functions runs at import, before any test, and is left out; so are signatures.
    """
    found: dict[int, int] = {}

    def note(body: Iterable[ast.stmt], inside: bool) -> None:
        for one in body:
            if inside:
                found.update(dict.fromkeys(range(one.lineno, (one.end_lineno or one.lineno) + 1), one.lineno))
            deeper = inside or isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
            for inner in _bodies(one):
                note(inner, deeper)

    note(ast.parse(source).body, False)
    return found


def _bodies(one: ast.stmt | ast.ExceptHandler | ast.match_case) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        if isinstance(body := getattr(one, name, None), list):
            yield body
    for inner in (*getattr(one, "handlers", ()), *getattr(one, "cases", ())):
        yield inner.body


def marked(source: str, first: int) -> str:
    """Return the source of a module that marks each statement of its functions at its line's place after ``first``."""
    tree = ast.parse(source)

    def mark(body: list[ast.stmt], inside: bool) -> None:
        for one in body:
            deeper = inside or isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
            for inner in _bodies(one):
                mark(inner, deeper)
        if inside:
            # A text in front stays there: it may be the function's documentation.
            body[:] = [step for one in body for step in ((one,) if _is_text(one) else (_mark(first + one.lineno), one))]

    mark(tree.body, False)
    return ast.unparse(ast.fix_missing_locations(tree))


def _is_text(one: ast.stmt) -> bool:
    return isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)


def _mark(place: int) -> ast.stmt:
    return ast.parse(f"{MARK}[{place}] = 1").body[0]


def _places() -> dict[str, int]:
    """Where the lines of each module begin in the shared file, by its path in the project; of ``""`` the end."""
    found, place = {}, 0
    for path in python_files():
        found[path.relative_to(ROOT).as_posix()] = place
        place += len(path.read_text("utf-8").splitlines()) + 1
    return found | {"": place}


def marking_modules(folder: Path) -> dict[str, tuple[str, str]]:
    """Return the path and the marking source of each of the services' modules, and wipe the file of marks."""
    where = _places()
    (folder / MARKS).write_bytes(bytes(where[""]))
    return {
        file.removesuffix(".py").replace("/", "."): (str(ROOT / file), marked((ROOT / file).read_text("utf-8"), first))
        for file, first in where.items()
        if file
    }


@dataclass
class Reach:
    """What each test reached, as places in the shared file, and what was reached before it."""

    tests: dict[str, frozenset[int]]
    sources: dict[str, str]
    _places: dict[str, int] = field(default_factory=_places)
    _statements: dict[str, dict[int, int]] = field(default_factory=dict)

    def __add__(self, other: "Reach") -> "Reach":
        """Return both together, of different tests."""
        return Reach(self.tests | other.tests, self.sources | other.sources)

    def tests_of(self, mutant: Mutant) -> dict[str, str] | None:
        """Return the tests that reach a mutant, with their files; None when each of them may."""
        if mutant.language == "sql":
            return None
        lines = self._statements.setdefault(mutant.file, statements(mutant.before))
        if mutant.line not in lines:
            return None
        place = self._places[mutant.file] + lines[mutant.line]
        return {test: self.sources[test] for test, reached in self.tests.items() if place in reached}


class Listener:
    """Robot listener: writes down which places were marked during each test."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self, folder: Path, result: Path) -> None:
        with (folder / MARKS).open("r+b") as file:
            self._marks = mmap.mmap(file.fileno(), 0)
        self._result = result
        # What was reached outside of tests: before all suites, and in each suite around.
        self._around: list[set[int]] = [set()]
        self._tests: dict[str, list[int]] = {}
        self._sources: dict[str, str] = {}

    def _taken(self) -> set[int]:
        found = {place for place, mark in enumerate(self._marks[:]) if mark}
        self._marks[:] = bytes(len(self._marks))
        return found

    def start_suite(self, _data: Any, _result: Any) -> None:
        """Keep what was reached up to here for all that follows in the suites above."""
        self._around[-1] |= self._taken()
        self._around.append(set())

    def start_test(self, _data: Any, _result: Any) -> None:
        """Keep what was reached up to here for all that follows in the suite."""
        self._around[-1] |= self._taken()

    def end_test(self, _data: Any, result: Any) -> None:
        """Keep what the test has reached."""
        self._tests[result.full_name] = sorted(self._taken().union(*self._around))
        self._sources[result.full_name] = str(result.source or "")

    def end_suite(self, _data: Any, _result: Any) -> None:
        """Forget what this suite had set up."""
        self._around.pop()

    def close(self) -> None:
        """Write down what was seen."""
        self._result.write_text(json.dumps({"tests": self._tests, "sources": self._sources}))


def read(result: Path) -> Reach:
    """Return what a listener wrote down."""
    found = json.loads(result.read_text())
    return Reach({test: frozenset(reached) for test, reached in found["tests"].items()}, found["sources"])
