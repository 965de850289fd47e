"""The house keeps its shape: few rooms, a few floors, arrows one way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.libraries.conftest import ROOT

LIBRARIES = ROOT / "libraries"
# From the ground up: a package may use those of the floors below it.
FLOORS = [{"target"}, {"tokens"}, {"calls"}, {"ledger", "operations"}]
FLOOR = {package: number for number, floor in enumerate(FLOORS) for package in floor}
PACKAGES = sorted(path.parent.name for path in LIBRARIES.glob("*/__init__.py"))
MODULES = sorted(LIBRARIES.glob("*/*.py"))
# The stack is known to the packages that describe it and that trouble it.
KNOW_THE_STACK = {"target", "operations"}
# Below them all, for others need them too: what each may use of the project.
GROUND = {"reporting": {"reporting"}, "history": {"history", "reporting"}}
BELOW = sorted(path for package in GROUND for path in (ROOT / package).glob("*.py"))
PROJECT = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {"tests"}
_IMPORT = re.compile(r"^(Library|Variables|Resource)\s{2,}(\S+)", re.MULTILINE)
_SQL = re.compile(r"(?i)\bselect\b.*\bfrom\b|\binsert\s+into\b|\bupdate\s+\S+\s+set\b|\bdelete\s+from\b|\btruncate\b")
_PATH = re.compile(r"/[a-z]")
# Rows of a table about paths, and paths that are none, may stand in a suite.
_CALL = re.compile(r"\bSend\s{2,}[A-Z]+\s{2,}(/(?:auth|inventory|adjust|audit|health|metrics|jwks|public-key)\S*)")


def imported(module: Path) -> Iterator[str]:
    """What a module imports, wherever in it."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are written in full, so that this test can read them"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "libraries")


def texts(module: Path) -> Iterator[str]:
    """The texts in a module, docstrings left out."""
    tree = ast.parse(module.read_text("utf-8"))
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))]
    documentation = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def test_there_are_few_rooms_each_with_a_sentence_and_one_keyword_library() -> None:
    assert sorted(FLOOR) == PACKAGES
    assert len(PACKAGES) <= 6
    assert [path.name for path in LIBRARIES.glob("*.py")] == ["__init__.py"]
    readme = (LIBRARIES / "README.md").read_text("utf-8")
    for package in PACKAGES:
        assert ast.get_docstring(ast.parse((LIBRARIES / package / "__init__.py").read_text("utf-8"))), package
        assert (LIBRARIES / package / "keywords.py").is_file(), package
        assert f"`{package}/`" in readme


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_imports_go_down_only(module: Path) -> None:
    package = module.parent.name
    for name in imported(module):
        room, _, rest = name.partition(".")
        assert room not in PROJECT or room in ("libraries", "stack", *GROUND), name
        assert room != "stack" or package in KNOW_THE_STACK, name
        if room == "libraries" and rest:
            other = rest.partition(".")[0]
            assert other == package or FLOOR[other] < FLOOR[package], f"{package} may not import {name}"


@pytest.mark.parametrize("module", BELOW, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_stands_below_uses_nothing_above(module: Path) -> None:
    rooms = {name.partition(".")[0] for name in imported(module)}
    assert {"libraries", "stack", "services", "tools"} <= PROJECT
    assert rooms & PROJECT <= GROUND[module.parent.name]
    assert module.parent.name != "history" or "robot" not in rooms


@pytest.mark.parametrize("module", MODULES + BELOW, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_library_knows_a_call(module: Path) -> None:
    assert [text for text in texts(module) if _PATH.match(text)] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_library_knows_a_keyword_above_it(module: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Call)]
    run = [call for call in calls if getattr(call.func, "attr", "").startswith("run_keyword") and call.args]
    assert [call.args[0].value for call in run if isinstance(call.args[0], ast.Constant)] == []


def robot_files(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in (".robot", ".resource"))


@pytest.mark.parametrize("suite", robot_files("suites"), ids=lambda path: path.stem)
def test_suites_import_resources_only(suite: Path) -> None:
    found = _IMPORT.findall(suite.read_text("utf-8"))
    assert {kind for kind, _ in found} == {"Resource"}
    assert all((suite.parent / name).resolve().parent == ROOT / "resources" for _, name in found)


@pytest.mark.parametrize("file", robot_files("suites") + robot_files("resources"), ids=lambda path: path.stem)
def test_no_sql_above_the_libraries(file: Path) -> None:
    assert _SQL.findall(file.read_text("utf-8")) == []


@pytest.mark.parametrize("suite", robot_files("suites"), ids=lambda path: path.stem)
def test_paths_of_calls_stand_in_resources(suite: Path) -> None:
    assert _CALL.findall(suite.read_text("utf-8")) == []


def test_resources_import_only_resources_and_the_libraries() -> None:
    allowed = {f"libraries.{package}.keywords" for package in PACKAGES} | {"../libraries/", "pabot.PabotLib"}
    for file in robot_files("resources"):
        for kind, name in _IMPORT.findall(file.read_text("utf-8")):
            assert name in allowed if kind == "Library" else (ROOT / "resources" / name).is_file(), f"{file}: {name}"


@pytest.mark.parametrize(
    ("text", "is_sql"),
    [
        ("SELECT 1 FROM inventory.items", True), ("delete from auth.users", True), ("update x set y = 1", True),
        ("Select Section    from the first to the last", True), ("Update the players in the set", False),
    ],
)  # fmt: skip
def test_sql_is_told_from_words(text: str, is_sql: bool) -> None:
    assert bool(_SQL.search(text)) is is_sql
