"""Runs the suites against each fault: a suite that stays green proves nothing."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from robot.api import ExecutionResult, ResultVisitor
from robot.result import TestCase

from faults.fault import Fault, FaultError
from stack import client
from stack.errors import StackError

ROOT = Path(__file__).parent.parent
RUN_SECONDS = 300
_NAME_WIDTH = 28
# Robot's own lines above the messages of several failures.
_HEADINGS = ("failures occurred:", "failed:", "1) ")


@dataclass(frozen=True)
class Red:
    """A test that failed, and the first line of what it said."""

    name: str
    message: str


class _Failures(ResultVisitor):
    def __init__(self) -> None:
        self.red: list[Red] = []
        self.total = 0

    def visit_test(self, test: TestCase) -> None:
        """Note a failed test."""
        self.total += 1
        if test.failed:
            lines = [
                line for line in test.message.splitlines() if line.strip() and not line.rstrip().endswith(_HEADINGS)
            ]
            self.red.append(Red(test.full_name, lines[0] if lines else "(no message)"))


def prove(faults: Sequence[Fault]) -> int:
    """Run the suites against each fault and print what noticed it; return 1 when nothing noticed one of them."""
    unnoticed = []
    for fault in faults:
        started = time.monotonic()
        red, total = run_against(fault)
        seconds = time.monotonic() - started
        print(f"{fault.name:{_NAME_WIDTH}} {len(red):3} of {total} red in {seconds:4.0f} s   breaks {fault.rule}")
        for test in red[:3]:
            print(f"{'':{_NAME_WIDTH}}   {test.name}\n{'':{_NAME_WIDTH}}     {test.message[:200]}")
        sys.stdout.flush()
        if not red:
            unnoticed.append(fault.name)
    print(f"{len(faults) - len(unnoticed)} of {len(faults)} faults were noticed")
    if unnoticed:
        print(f"error: no test went red for: {', '.join(unnoticed)}", file=sys.stderr)
    return 1 if unnoticed else 0


def run_against(fault: Fault) -> tuple[list[Red], int]:
    """Run all suites against a stack that has the fault; return the red tests and how many ran.

    Raises FaultError when the stack does not start or the suites do not run to their end.
    """
    try:
        # Two instances: some rules can only be broken between them.
        state = client.attach_or_start(instances=2, fault=fault.name)
    except StackError as error:
        raise FaultError(f"the stack with fault {fault.name} did not start: {error}") from error
    try:
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            return _run_suites(Path(state.run_dir) / "state.json", Path(folder))
    finally:
        client.stop(state)


def _run_suites(state: Path, folder: Path) -> tuple[list[Red], int]:
    command = [sys.executable, "-m", "robot", "--outputdir", str(folder), "--log", "NONE", "--report", "NONE",
               "--console", "none", "--exclude", "slow", "suites"]  # fmt: skip
    environment = {**os.environ, "SHARD_STACK_STATE": str(state)}
    run = subprocess.run(command, cwd=ROOT, env=environment, timeout=RUN_SECONDS, capture_output=True, check=False)
    output = folder / "output.xml"
    if run.returncode > 250 or not output.exists():
        raise FaultError(f"the suites did not run to their end: {run.stderr.decode()[-500:]}")
    result = _Failures()
    ExecutionResult(str(output)).visit(result)
    return result.red, result.total
