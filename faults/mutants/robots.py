"""Asks the suites: runs Robot Framework in forked children that find everything imported already."""

import contextlib
import importlib
import json
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from robot.api import SuiteVisitor
from robot.result import TestCase
from robot.result import TestSuite as Suite
from robot.run import run as run_robot
from robot.running import TestSuite

from faults.mutants import reach
from faults.mutants.mutant import Mutant, MutantError
from faults.mutants.reach import Reach
from stack.processes import die_with

ROOT = Path(__file__).parents[2]
SUITES = ROOT / "suites"
# Robot's exit codes up to here count failed tests; above, it could not run.
MOST_FAILED = 250


@dataclass(frozen=True)
class Verdict:
    """What a run of the suites said. ``test`` of file ``source`` failed first; None when all were green or the time was
    over."""

    red: bool
    test: str | None = None
    source: str = ""
    message: str = ""
    timed_out: bool = False
    seconds: float = 0.0
    ran: int = 0


class Only(SuiteVisitor):
    """Keeps some tests of a suite, or all but some."""

    def __init__(self, tests: Collection[str], keep: bool) -> None:
        self._tests = frozenset(tests)
        self._keep = keep

    def start_suite(self, suite: TestSuite) -> None:
        """Drop what is not to run."""
        suite.tests = [test for test in suite.tests if (test.full_name in self._tests) is self._keep]

    def end_suite(self, suite: TestSuite) -> None:
        """Drop suites that have become empty."""
        suite.suites = [one for one in suite.suites if one.test_count > 0]


class Share(SuiteVisitor):
    """Keeps the files of tests that are one worker's: (which, of how many), from 1."""

    def __init__(self, share: tuple[int, int]) -> None:
        self._which, self._count = share
        self._seen = 0

    def start_suite(self, suite: TestSuite) -> None:
        """Deal files out in turn."""
        if suite.tests:
            self._seen += 1
            if self._seen % self._count != self._which % self._count:
                suite.tests = []

    def end_suite(self, suite: TestSuite) -> None:
        """Drop suites that have become empty."""
        suite.suites = [one for one in suite.suites if one.test_count > 0]


class Cheap(SuiteVisitor):
    """Puts what took least first, suites by their tests' mean: most mutants are noticed by many tests."""

    def __init__(self, seconds: Mapping[str, float]) -> None:
        self._seconds = seconds

    def end_suite(self, suite: TestSuite) -> None:
        """Sort; unknown tests took nothing."""
        suite.tests = sorted(suite.tests, key=lambda test: self._seconds.get(test.full_name, 0.0))
        suite.suites = sorted(suite.suites, key=self._mean)

    def _mean(self, suite: TestSuite) -> float:
        took = [self._seconds.get(test.full_name, 0.0) for test in suite.all_tests]
        return sum(took, self._seconds.get(suite.full_name, 0.0)) / max(1, len(took))


class _First:
    """A listener that notes the first test that failed, how many ran, and how long tests and setups took."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ran = 0
        self._red: tuple[str, str, str] | None = None
        self._seconds: dict[str, float] = {}

    def end_test(self, _data: object, result: TestCase) -> None:
        """Note a test that has ended."""
        self._ran += not result.skipped
        self._seconds[result.full_name] = result.elapsed_time.total_seconds()
        if result.failed and self._red is None:
            self._red = (result.full_name, str(result.source or ""), result.message)

    def end_suite(self, _data: object, result: Suite) -> None:
        """Note what a suite took beside its tests."""
        if result.has_setup:
            self._seconds[result.full_name] = result.setup.elapsed_time.total_seconds()

    def close(self) -> None:
        """Write down what was seen."""
        self._file.write_text(json.dumps({"ran": self._ran, "red": self._red, "seconds": self._seconds}))


@dataclass(frozen=True)
class Known:
    """What green runs without a mutant have taught: how long each test takes, and what it reaches."""

    seconds: dict[str, float]
    reach: Reach

    def __add__(self, other: "Known") -> "Known":
        """Return both together; what they know of is not the same."""
        return Known(self.seconds | other.seconds, self.reach + other.reach)


class Suites:
    """The suites, run against one stack at a time."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """The stack is the one that the environment names; it is set for this process too, once and for all."""
        os.environ.update(environment)
        self._seconds: dict[str, float] = {}
        self._reach: Reach | None = None

    def warm_up(self) -> None:
        """Import here, once, what a run imports. Raises MutantError when no run is possible."""
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            names = Path(folder) / "names"

            def dry() -> int:
                code = run_robot(str(SUITES), dryrun=True, output="NONE", log="NONE", report="NONE", console="none")
                names.write_text(json.dumps(list(sys.modules)))
                return int(code)

            code, printed = self._in_child(dry, Path(folder), 120.0)
            if code is None or not names.exists():
                raise MutantError(f"the suites could not be read: see `robot --dryrun suites`\n{printed[-500:]}")
            for name in json.loads(names.read_text()):
                if name not in sys.modules:
                    # Not every name there can be imported by itself; those come with others.
                    with contextlib.suppress(Exception):
                        importlib.import_module(name)

    @property
    def known(self) -> Known:
        """What was learned here."""
        return Known(self._seconds, self._reach or Reach({}, {}))

    def learn(self, known: Known) -> None:
        """Take over what all workers have learned together."""
        self._seconds, self._reach = known.seconds, known.reach

    def reaching(self, mutant: Mutant) -> dict[str, str] | None:
        """Return the tests that reach a mutant, with their files; None when each of them may."""
        return self._reach.tests_of(mutant) if self._reach else None

    def ask(
        self, seconds: float, only: Mapping[str, str] | None = None, without: Collection[str] = (),
        marks: Path | None = None, share: tuple[int, int] = (1, 1),
    ) -> Verdict:  # fmt: skip
        """Run some tests (``only``: their files by their names), or all but some, until the first is red.

        With ``marks``, a folder, learn what each test of a worker's share reaches. Raises MutantError when they cannot
        run.
        """
        started = time.monotonic()
        if only and self._seconds:
            # What was learned from may have another name by now.
            only = {test: source for test, source in only.items() if test in self._seconds}
            if not only:
                return Verdict(False)
        with tempfile.TemporaryDirectory(prefix="mutants-") as name:
            folder = Path(name)

            def run() -> int:
                picks: list[SuiteVisitor] = [Only(only, True)] if only else [Only(without, False)] if without else []
                picks += [Share(share), Cheap(self._seconds)]
                listeners: list[object] = [_First(folder / "seen.json")]
                listeners += [reach.Listener(marks, folder / "reach.json")] if marks else []
                return int(run_robot(
                    str(SUITES), outputdir=str(folder), output="NONE", log="NONE", report="NONE", console="none",
                    exitonfailure=True, prerunmodifier=picks, listener=listeners, runemptysuite=share[1] > 1,
                    parseinclude=sorted({source for source in (only or {}).values() if source}),
                ))  # fmt: skip

            code, output = self._in_child(run, folder, seconds)
            took = time.monotonic() - started
            if code is None:
                return Verdict(
                    True, message=f"the suites did not end within {seconds:.0f} s", timed_out=True, seconds=took
                )
            seen = folder / "seen.json"
            if code > MOST_FAILED or not seen.exists():
                raise MutantError(f"the suites did not run to their end (exit code {code}): {output[-500:]}")
            found = json.loads(seen.read_text())
            if marks and not found["red"]:
                self._reach = reach.read(folder / "reach.json")
        self._seconds |= found["seconds"] if not only and not found["red"] else {}
        test, source, message = found["red"] or (None, "", "")
        return Verdict(code != 0, test, source, message, False, took, found["ran"])

    def _in_child(self, work: Callable[[], int], folder: Path, seconds: float) -> tuple[int | None, str]:
        """Fork, do the work there, and return its exit code, None when it took too long, and what it printed."""
        parent = os.getpid()
        output = folder / "printed"
        child = os.fork()
        if not child:
            self._become_runner(parent, output, work)
        descriptor = os.pidfd_open(child)
        try:
            ended = bool(select.select([descriptor], [], [], seconds)[0])
        finally:
            os.close(descriptor)
        if not ended:
            try:
                os.killpg(child, signal.SIGKILL)
            except ProcessLookupError:
                # It has not made a group of its own yet.
                os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        printed = output.read_text(errors="replace") if output.exists() else ""
        return (os.waitstatus_to_exitcode(status) if ended else None), printed

    def _become_runner(self, parent: int, output: Path, work: Callable[[], int]) -> NoReturn:
        code = 255
        try:
            os.setsid()
            die_with(parent, signal.SIGKILL)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            target = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            for descriptor in (1, 2):
                os.dup2(target, descriptor)
            os.chdir(ROOT)
            code = work()
        except BaseException:  # noqa: BLE001  Whatever it is, the parent has to learn of it.
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
