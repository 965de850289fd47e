"""Runs the suites against dialects: an S test that goes red there raises a false alarm."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from robot.api import ExecutionResult, ResultVisitor
from robot.result import TestCase

from faults import dialects
from faults.dialects.dialect import EVERY_SHAPE, KNOWN, Shape
from faults.fault import FaultError
from faults.parts import part_of
from stack import client, components
from stack.errors import StackError
from stack.state import State

ROOT = Path(__file__).parent.parent
RUN_SECONDS = 1800
HARDENING = "hardening"
_MESSAGE = 200
_HEADINGS = ("failures occurred:", "failed:", "parent suite setup:")
_NUMBER = re.compile(r"^\d+\) ")


@dataclass(frozen=True)
class Red:
    """A test that failed, and the first line of what it said."""

    name: str
    message: str


@dataclass
class Measured:
    """How a dialect fared: red tests of S and of H rules, green ones of H rules, and why tests were skipped."""

    dialect: str
    rule: str
    shape: Shape
    passed: int = 0
    seconds: float = 0.0
    red_of_s: list[Red] = field(default_factory=list)
    red_of_h: list[Red] = field(default_factory=list)
    green_of_h: list[str] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)


class _Results(ResultVisitor):
    def __init__(self, measured: Measured) -> None:
        self._measured = measured

    def visit_test(self, test: TestCase) -> None:
        """Note a test."""
        measured = self._measured
        first = _first_line(test.message)
        if test.passed:
            measured.passed += 1
            if HARDENING in test.tags:
                measured.green_of_h.append(test.full_name)
        elif test.skipped:
            measured.skipped[first] = measured.skipped.get(first, 0) + 1
        else:
            reds = measured.red_of_h if HARDENING in test.tags else measured.red_of_s
            reds.append(Red(test.full_name, first[:_MESSAGE]))


def _first_line(message: str) -> str:
    """Return the first line that says something: Robot puts headings above several failures and those of teardowns."""
    lines = (_NUMBER.sub("", line.strip()) for line in message.splitlines())
    return next((line for line in lines if line and not line.endswith(_HEADINGS)), "(no message)")


def measure(names: Sequence[str], shape: Shape | None, results: Path, *, short: bool, part: str = "") -> int:
    """Run the suites against dialects, print what went red and write ``dialects.json``.

    Returns 1 when a test of an S rule went red, or with one of them a stack did not start or the suites did not run to
    their end: the others are measured. Raises FaultError when there is no such dialect or part.
    """
    wishes = list(names) or ([dialects.BARE] if short else [dialects.BARE, *dialects.names()])
    if part:
        # Bare takes as long as a dozen others, and has a run of its own: ``short``.
        wishes = part_of(list(names) or dialects.names(), part)
    runs = [(wish, one) for wish in wishes for one in _shapes(wish, shape)]
    # Each name is looked at before the first stack starts.
    rules = [", ".join(dict.fromkeys(one.rule for one in dialects.spoken(wish, kind))) for wish, kind in runs]
    measured = []
    unmeasured = []
    for (wish, kind), rule in zip(runs, rules, strict=True):
        is_bare = dialects.BARE in wish.split(",")
        one = Measured(wish, "every freedom" if is_bare else rule, kind)
        try:
            _measure(one, twice=is_bare)
        except FaultError as error:
            unmeasured.append(f"{wish} ({kind})")
            print(f"error: {wish} ({kind}): {error}", file=sys.stderr, flush=True)
            continue
        _print(one)
        measured.append(one)
    results.mkdir(parents=True, exist_ok=True)
    report = results / "dialects.json"
    report.write_text(json.dumps([asdict(one) for one in measured], indent=1, ensure_ascii=False) + "\n")
    false_alarms = sum(len(one.red_of_s) for one in measured)
    print(f"{len(measured)} runs, {false_alarms} red tests of S rules; the table is in {report}")
    if false_alarms:
        print("error: a test of an S rule went red where only an H rule is broken", file=sys.stderr)
    if unmeasured:
        print(f"error: not measured, as told above: {', '.join(unmeasured)}", file=sys.stderr)
    return 1 if false_alarms or unmeasured else 0


def _shapes(wish: str, shape: Shape | None) -> tuple[Shape, ...]:
    if shape is not None:
        return (shape,)
    if dialects.BARE in wish.split(","):
        return EVERY_SHAPE
    only = {one.shapes for name in wish.split(",") if (one := KNOWN.get(name))}
    return ("split",) if ("split",) in only else ("single",)


def _measure(one: Measured, *, twice: bool) -> None:
    """Run the suites once, and before that without hardening where the dialect has to be spotless."""
    started = time.monotonic()
    instances = components.spoken(one.dialect, one.shape).instances or 2
    try:
        state = client.attach_or_start(one.shape, instances, dialect=one.dialect)
    except StackError as error:
        raise FaultError(f"the stack with dialect {one.dialect} did not start: {error}") from error
    try:
        if twice:
            without = Measured(one.dialect, one.rule, one.shape)
            _run_suites(state, without, "--exclude", HARDENING)
            one.red_of_s = without.red_of_s
        _run_suites(state, one)
        # Red in both runs is one red test.
        one.red_of_s = list({red.name: red for red in one.red_of_s}.values())
    finally:
        client.stop(state)
    one.seconds = round(time.monotonic() - started, 1)


def _run_suites(state: State, into: Measured, *options: str) -> None:
    # What the environment says goes before what the state says.
    environment = {**state.settings, **os.environ, "SHARD_STACK_STATE": str(Path(state.run_dir) / "state.json")}
    with tempfile.TemporaryDirectory(prefix="dialects-") as folder:
        command = [sys.executable, "-m", "robot", "--outputdir", folder, "--log", "NONE", "--report", "NONE",
                   "--console", "none", "--exclude", "slow", *options, "suites"]  # fmt: skip
        try:
            run = subprocess.run(
                command, cwd=ROOT, env=environment, timeout=RUN_SECONDS, capture_output=True, check=False
            )
        except subprocess.TimeoutExpired:
            raise FaultError(f"the suites did not end in {RUN_SECONDS} s") from None
        output = Path(folder) / "output.xml"
        if run.returncode > 250 or not output.exists():
            raise FaultError(f"the suites did not run to their end: {run.stderr.decode()[-500:]}")
        ExecutionResult(str(output)).visit(_Results(into))


def _print(one: Measured) -> None:
    skipped = sum(one.skipped.values())
    print(
        f"{one.dialect:32} {one.shape:6} {len(one.red_of_s):3} red of S, {len(one.red_of_h):3} of H, "
        f"{skipped:3} skipped, {one.passed:3} green in {one.seconds:4.0f} s   {one.rule}"
    )
    for mark, reds in (("S", one.red_of_s), ("H", one.red_of_h)):
        for red in reds:
            print(f"  {mark} {red.name}\n      {red.message}")
    if dialects.BARE in one.dialect.split(","):
        # Either their rule is kept there, or they cannot tell.
        for name in one.green_of_h:
            print(f"  H green: {name}")
        for reason, count in one.skipped.items():
            print(f"  {count:3} skipped: {reason}")
    sys.stdout.flush()
