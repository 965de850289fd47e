"""Tells which tests of the suites a target will skip, from their sources alone."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from robot.api import TestSuite
from robot.running import ResourceFile

from libraries.calls.keywords import _PARTS as PARTS_OF_LISTENERS
from libraries.target.settings import Target, lacks

ROOT = Path(__file__).parents[2]
# In the order in which a run asks for them: the first that is missing is the reason.
Parts = tuple[str, ...]


def skipped(target: Target, hardening: bool = True) -> tuple[int, Counter[str]]:
    """Return how many tests there are, and how many will be skipped by each reason.

    A part that a test needs only in some cases (in an IF, or by an argument) is not seen.
    """
    reasons: Counter[str] = Counter()
    count = 0
    for test, above in _tests(TestSuite.from_file_system(ROOT / "suites"), ()):
        if hardening or "hardening" not in test.tags:
            count += 1
            missing = [lacks(target, part) for part in above + _needs(test)]
            reasons.update([next(filter(None, missing))] if any(missing) else [])
    return count, reasons


def _tests(suite: Any, above: Parts) -> Iterator[tuple[Any, Parts]]:
    above += _of_step(suite.setup)
    for test in suite.tests:
        yield test, above
    for child in suite.suites:
        yield from _tests(child, above)


def _joined(parts: Iterable[Parts]) -> Parts:
    return tuple(part for some in parts for part in some)


def _needs(body: Any) -> Parts:
    """Return the parts that a test or user keyword cannot do without."""
    steps = [body.setup, *body.body] if body.has_setup else list(body.body)
    return _joined(map(_of_step, steps))


def _of_step(step: Any) -> Parts:
    if step.type == "GROUP":
        return _joined(map(_of_step, step.body))
    if step.type not in ("KEYWORD", "SETUP") or not step.name:
        return ()
    return _of_call([step.name, *map(str, step.args)])


def _of_call(words: list[str]) -> Parts:
    name, arguments = _plain(words[0]), words[1:]
    if name == "runkeywords":
        return _joined(map(_of_call, _split(arguments)))
    if name == "requirepart":
        return tuple(arguments)
    found = _of_python().get(name, ())
    if name == "body" and arguments and "=" not in arguments[0]:
        found += ("catalogue",)
    if name == "send":
        listeners = [word.removeprefix("to=") for word in arguments if word.startswith("to=")]
        found += tuple(part for one in listeners for part in PARTS_OF_LISTENERS.get(one, ()))
    return found + _of_user_keyword(name)


def _split(words: list[str]) -> Iterator[list[str]]:
    while words:
        end = words.index("AND") if "AND" in words else len(words)
        yield words[:end]
        words = words[end + 1 :]


def _plain(name: str) -> str:
    return name.lower().replace(" ", "").replace("_", "")


@cache
def _user_keywords() -> dict[str, Any]:
    files = [ResourceFile.from_file_system(path) for path in (ROOT / "resources").glob("*.resource")]
    files += [_resource(path) for path in (ROOT / "suites").rglob("*.robot") if path.name != "__init__.robot"]
    return {_plain(keyword.name): keyword for file in files for keyword in file.keywords}


def _resource(path: Path) -> Any:
    return TestSuite.from_file_system(path).resource


@cache
def _of_user_keyword(name: str) -> Parts:
    keyword = _user_keywords().get(name)
    return () if keyword is None else _needs(keyword)


@cache
def _of_python() -> dict[str, Parts]:
    """Return the parts that keywords in Python ask for before anything else."""
    functions = [
        node
        for path in (ROOT / "libraries").glob("*/keywords.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    return {
        _plain(one.name): tuple(part for step in takewhile(_goes_on, one.body) for part in _asked(step))
        for one in functions
    }


def _goes_on(step: ast.stmt) -> bool:
    return not any(isinstance(node, ast.Return) for node in ast.walk(step))


def _asked(step: ast.stmt) -> list[str]:
    looked = () if isinstance(step, ast.If) else ast.walk(step)
    calls = [node.func for node in looked if isinstance(node, ast.Call)]
    if any(isinstance(one, ast.Name) and one.id == "catalogue" for one in calls):
        return ["catalogue"]
    call = step.value if isinstance(step, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "need":
        return [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return []
