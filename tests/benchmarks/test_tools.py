"""What the tools say when they cannot measure, and small parts of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import machine, pgbench
from benchmarks.replay import _Names, _parsed
from benchmarks.world import numbered_user
from stack.places import REPO_ROOT, results_folder


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=REPO_ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_an_unknown_commit_is_told_in_one_line() -> None:
    done = _run("benchmarks.compare", "--base", "no-such-commit")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.startswith("error: ")


def test_a_name_that_fits_no_benchmark_is_told_in_one_line() -> None:
    done = _run("benchmarks.compare", "--base", "HEAD", "--only", "nothing like this")
    assert (done.returncode, done.stderr) == (2, "error: no benchmark has 'nothing like this' in its name\n")


@pytest.mark.parametrize("tool", ["compare", "floor", "growth", "limits", "overload", "stack_times", "yardstick"])
def test_every_tool_explains_itself(tool: str) -> None:
    done = _run(f"benchmarks.{tool}", "--help")
    assert done.returncode == 0
    assert f"benchmarks.{tool}" in done.stdout


def test_results_go_where_out_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUT", str(tmp_path / "else where"))
    assert machine.write("bench.json", {"a": 1}) == tmp_path / "else where" / "bench.json"
    assert (tmp_path / "else where" / "bench.json").read_text("utf-8") == '{\n "a": 1\n}\n'
    monkeypatch.delenv("OUT")
    assert results_folder() == REPO_ROOT / "results"


def test_parameters_of_a_statement_are_filled_in() -> None:
    assert pgbench.filled("SELECT $1, $10, $2", [*"abcdefghi", "ten"]) == "SELECT a, ten, b"


def test_pgbench_comes_with_the_stack_s_own_postgresql() -> None:
    assert pgbench.program().endswith("pgbench")


def test_numbered_users_are_uuids_that_sql_can_make_too() -> None:
    assert numbered_user(1234) == "00000000-0000-4000-8000-000000001234"


def test_a_replay_gives_new_ids_once_each_and_keeps_the_catalogue_s() -> None:
    item, operation = b"11111111-1111-4111-8111-111111111111", b"22222222-2222-4222-8222-222222222222"
    names = _Names({item})
    first = names.renamed(item + b" " + operation)
    assert first.startswith(item)
    assert operation not in first
    assert names.renamed(item + b" " + operation) == first


def test_a_replay_uses_the_token_and_the_user_of_its_own_login() -> None:
    user, other = "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"
    names = _Names(set())
    names.learn({"token": "old", "user": {"id": user}}, {"token": "new", "user": {"id": other}})
    request = f"GET /inventory?of={user} HTTP/1.1\r\nAuthorization: Bearer old\r\nHost: here\r\n\r\n".encode()
    parsed = _parsed(names.renamed(request))
    assert parsed.path == f"/inventory?of={other}"
    assert parsed.headers == {"Authorization": "Bearer new"}
    assert parsed.body is None
