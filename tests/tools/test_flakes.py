"""Runs that differ are told from runs that do not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tools import flakes

STEADY = "*** Test Cases ***\nOne\n    No Operation\nTwo\n    Skip    not here\n"
# Green when it is run for the first time, red afterwards.
FLAKY = """*** Settings ***
Library    OperatingSystem
*** Test Cases ***
Only Once
    File Should Not Exist    {mark}
    Create File    {mark}
"""


def test_the_runs_are_made_in_every_way() -> None:
    told = [str(flakes.Way(number)) for number in range(6)]
    assert told == [
        "robot all:0", "pabot --processes 8", "robot all:2, busy machine",
        "pabot --processes 2", "robot all:4", "pabot --processes 4, busy machine",
    ]  # fmt: skip


def test_what_differs_is_named_and_what_never_does_is_not() -> None:
    one = {"a": "PASS", "b": "PASS", "c": "SKIP", "d": "FAIL"}
    other = {"a": "PASS", "b": "FAIL", "c": "SKIP", "d": "FAIL", "e": "PASS"}
    assert flakes.differing([one, other]) == {
        "b": Counter(PASS=1, FAIL=1), "d": Counter(FAIL=2), "e": Counter(PASS=1, MISSING=1),
    }  # fmt: skip


@pytest.mark.parametrize(("suite", "code", "told"), [(STEADY, 0, "0 tests whose"), (FLAKY, 1, "1 x PASS, 1 x FAIL")])
def test_runs_are_compared(tmp_path: Path, suite: str, code: int, told: str) -> None:
    (tmp_path / "a.robot").write_text(suite.format(mark=tmp_path / "mark"), "utf-8")
    command = [sys.executable, str(flakes.ROOT / "tools" / "flakes.py"), "--runs", "2", "--results", str(tmp_path),
               "--suites", str(tmp_path / "a.robot")]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, told in done.stdout) == (code, True), done.stdout + done.stderr
    kept = json.loads((tmp_path / "flakes" / "flakes.json").read_text("utf-8"))
    assert len(kept["differing"]) == code
    # The log of a red run is kept, that of a green one is not.
    assert [path.name for path in sorted((tmp_path / "flakes").iterdir()) if path.is_dir()] == ["001"] * code
