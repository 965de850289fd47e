"""tools/ops_summary.py: what a pipeline tells about a run of Robot Framework."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import ops_summary

SUITE = """*** Test Cases ***
Good
    No Operation

Bad
    Fail    broken: 50% | <b>,
    ...    still broken

Left Out
    Skip    there is no database
"""


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The output file of a run with a test of each kind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "suites").mkdir()
    (tmp_path / "suites" / "mixed.robot").write_text(SUITE)
    words = ["--output", "output.xml", "--log", "NONE", "--report", "NONE", "--console", "none"]
    done = subprocess.run([sys.executable, "-m", "robot", *words, "suites/mixed.robot"], cwd=tmp_path, check=False)
    assert done.returncode == 1
    return tmp_path / "output.xml"


def test_the_counts_and_the_line_of_a_failure(output: Path, tmp_path: Path) -> None:
    found = ops_summary.read(output, tmp_path)
    assert (found.passed, found.skipped, found.total) == (1, 1, 3)
    assert [(f.name, f.file, f.line) for f in found.failures] == [("Mixed.Bad", "suites/mixed.robot", 5)]
    assert found.skips == [("Mixed.Left Out", "there is no database")]


def test_the_summary_is_a_table_that_messages_cannot_break(output: Path, tmp_path: Path) -> None:
    text = ops_summary.markdown([ops_summary.read(output, tmp_path)])
    assert "| ❌" in text
    assert "| 3 | 1 | 1 | 1 |" in text
    row = next(line for line in text.splitlines() if line.startswith("| Mixed.Bad"))
    assert row.count(" | ") == 2
    assert "suites/mixed.robot:5" in row
    assert "\\|" in row
    assert "<b>" not in row


def test_an_annotation_is_one_escaped_line(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ops_summary.main([str(output)]) == 0
    annotations = [line for line in capsys.readouterr().out.splitlines() if line.startswith("::error ")]
    assert len(annotations) == 1
    assert annotations[0].startswith("::error file=suites/mixed.robot,line=5,title=Mixed.Bad::broken: 50%25")


def test_the_summary_goes_to_the_file_of_the_pipeline(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    assert ops_summary.main([str(output)]) == 0
    assert "## Robot Framework" in (tmp_path / "summary.md").read_text()
    assert "## Robot Framework" not in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["no-such.xml"]])
def test_nothing_to_read_is_one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ops_summary.main(words) == 2
    assert capsys.readouterr().err.startswith("error: ")
