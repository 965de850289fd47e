"""Tells a pipeline what Robot Framework found: ``python tools/ops_summary.py results/*/output.xml``.

A Markdown table goes to the file that GITHUB_STEP_SUMMARY names (or to stdout), and each failed test becomes an
annotation at its line (``::error file=…,line=…``) on stdout. Returns 0 also when tests failed: it only tells.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from robot.api import ExecutionResult, ResultVisitor
from robot.errors import DataError
from robot.result import TestCase

_SLOWEST = 5
_MESSAGE = 600


@dataclass(frozen=True)
class Failure:
    """A failed test and where it stands."""

    name: str
    message: str
    file: str
    line: int


@dataclass
class Summary:
    """What one output file says."""

    source: str
    passed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)
    skips: list[tuple[str, str]] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many tests there were."""
        return self.passed + self.skipped + len(self.failures)


class _Collector(ResultVisitor):  # type: ignore[misc]
    def __init__(self, summary: Summary, root: Path) -> None:
        self.summary, self.root = summary, root

    def visit_test(self, test: TestCase) -> None:
        self.summary.slowest.append((test.elapsed_time.total_seconds(), test.full_name))
        if test.passed:
            self.summary.passed += 1
        elif test.skipped:
            self.summary.skipped += 1
            self.summary.skips.append((test.full_name, test.message))
        else:
            self.summary.failures.append(Failure(test.full_name, test.message, self._file(test), test.lineno or 1))

    def _file(self, test: TestCase) -> str:
        source = test.source or (test.parent.source if test.parent else None)
        if source is None:
            return ""
        path = Path(source)
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()


def read(path: Path, root: Path) -> Summary:
    """Read one ``output.xml`` or ``output.json``; files of tests are told relative to ``root``. Raises DataError."""
    result = ExecutionResult(str(path))
    summary = Summary(path.as_posix(), seconds=result.suite.elapsed_time.total_seconds())
    result.visit(_Collector(summary, root))
    summary.slowest.sort(reverse=True)
    del summary.slowest[_SLOWEST:]
    return summary


def markdown(summaries: list[Summary]) -> str:
    """The job summary: a table of runs, the failures, the reasons of skips, the slowest tests."""
    lines = [
        "## Robot Framework",
        "",
        "| run | tests | passed | failed | skipped | seconds |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for one in summaries:
        mark = "❌" if one.failures else "✅"
        row = (
            f"{mark} {_cell(one.source)}",
            one.total,
            one.passed,
            len(one.failures),
            one.skipped,
            f"{one.seconds:.1f}",
        )
        lines.append(f"| {' | '.join(map(str, row))} |")
    failures = [failure for one in summaries for failure in one.failures]
    if failures:
        lines += ["", "### Failed", "", "| test | where | message |", "|---|---|---|"]
        lines += [f"| {_cell(f.name)} | {_cell(f.file)}:{f.line} | {_cell(f.message)} |" for f in failures]
    skips = sorted({skip for one in summaries for skip in one.skips})
    if skips:
        lines += ["", "<details><summary>Skipped</summary>", "", "| test | why |", "|---|---|"]
        lines += [f"| {_cell(name)} | {_cell(why)} |" for name, why in skips] + ["", "</details>"]
    slowest = sorted((entry for one in summaries for entry in one.slowest), reverse=True)[:_SLOWEST]
    if slowest:
        lines += ["", "<details><summary>Slowest</summary>", "", "| test | seconds |", "|---|--:|"]
        lines += [f"| {_cell(name)} | {seconds:.2f} |" for seconds, name in slowest] + ["", "</details>"]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    cut = text if len(text) <= _MESSAGE else f"{text[:_MESSAGE]}…"
    escaped = cut.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
    return "<br>".join(escaped.splitlines())


def annotation(failure: Failure) -> str:
    """GitHub's workflow command that shows a failure at its line."""
    place = f"file={_escaped(failure.file, True)},line={failure.line},title={_escaped(failure.name, True)}"
    return f"::error {place}::{_escaped(failure.message[:_MESSAGE], False)}"


def _escaped(text: str, is_property: bool) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if is_property else text


def main(arguments: list[str]) -> int:
    """Tell about all the files; returns 2 when there is none or one cannot be read."""
    if not arguments:
        print("error: usage: ops_summary.py OUTPUT_XML...", file=sys.stderr)
        return 2
    try:
        summaries = [read(Path(name), Path.cwd()) for name in arguments]
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for one in summaries:
        for failure in one.failures:
            print(annotation(failure))
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target:
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(markdown(summaries))
    else:
        print(markdown(summaries))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
