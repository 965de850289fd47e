"""Runs the suites against each fault: a suite that stays green proves nothing."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from glob import escape
from pathlib import Path
from statistics import median
from typing import Any

from robot.api import ExecutionResult, ResultVisitor, TestSuite
from robot.result import TestCase

from faults.fault import Fault, FaultError
from reporting.causes import Red, causes, rules_of
from reporting.run import LEFT_OUT
from reporting.strength import references
from stack import client
from stack.errors import StackError
from stack.state import State

ROOT = Path(__file__).parent.parent
RUN_SECONDS = 900
# The suites that kill parts of the stack, for faults that show only then.
KILLING = "resilience"
# Which test noticed each fault, for whoever has no results of an earlier run.
RECORD = ROOT / "faults" / "noticed.json"
# How many of the tests that noticed a fault before are asked before all others.
_FIRST = 3
_NAME_WIDTH = 40
# Robot's own lines above the messages of several failures and of teardowns.
_HEADINGS = ("failures occurred:", "failed:", "1) ")
# What a history that has no order tells of when that was seen.
_SEEN = re.compile(r"seen when (\d+) of \d+ calls had ended")
_STOPPED = "Execution terminated by signal"


@dataclass
class Proof:
    """What the suites said of one fault: their red tests in the order of the run, and the causes that they told.

    ``names_rule`` says whether the first red test's message names a rule that the fault breaks. A ``short`` one was
    over with its first red test, tests of the broken rule first: how many more there are is not known.
    """

    fault: str
    rule: str
    tests: int = 0
    red: list[Red] = field(default_factory=list)
    causes: int = 0
    names_rule: bool = False
    seconds: float = 0.0
    short: bool = False
    # Whether the suites ran to their end; one run that did not is red, and all that it tells.
    ended: bool = True
    # After how many calls each red history was seen to have no order.
    seen_after: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """Which suites are asked, and which of their tests (all, when there are no patterns).

    Raises FaultError when there are no such suites.
    """

    suites: str
    tests: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (ROOT / self.suites).exists():
            raise FaultError(f"there are no suites at {self.suites}: name a folder or a file, such as suites/e2e")

    @property
    def is_killing(self) -> bool:
        """Whether they kill parts of the stack."""
        return self.suites.split("/", 1)[0] == KILLING

    @property
    def name(self) -> str:
        """A name for their report."""
        return "faults-by-" + self.suites.strip("/").replace("/", "-")


class _Failures(ResultVisitor):
    def __init__(self, proof: Proof) -> None:
        self._proof = proof

    def visit_test(self, test: TestCase) -> None:
        """Note a failed test."""
        self._proof.tests += 1
        # What was left out after a failure is told as failed too.
        if test.failed and not test.message.startswith(LEFT_OUT):
            self._proof.red.append(Red(test.full_name, test.doc, test.message))


def prove(
    faults: Sequence[Fault], results: Path, *, short: bool = False, chosen: Run | None = None, record: bool = False
) -> int:
    """Run the suites against each fault, print what noticed it and write ``faults.json`` into a folder.

    With ``short`` a fault is done with at its first red test: what that file or RECORD tells to have noticed it is
    asked first. ``chosen`` are the suites to run instead of all, which have a file of their own. With ``record`` RECORD
    learns what noticed the faults now, unless the suites were chosen.

    The file keeps what it has of other faults, so that they can be proven in pieces. Returns 1 when nothing noticed
    one of the faults, or one could not be asked about: the others are. Raises FaultError for a file that is damaged.
    """
    report = results / f"{chosen.name if chosen else 'faults'}.json"
    recorded: dict[str, str] = _read(RECORD, {})
    before = {fault: [test] for fault, test in recorded.items()}
    before |= {one["fault"]: [red["name"] for red in one["red"]] for one in _read(report, []) if one["red"]}
    proofs = []
    unasked = []
    for fault in faults:
        try:
            proof = run_against(fault, short=short, chosen=chosen, before=before.get(fault.name, ()))
        except FaultError as error:
            unasked.append(fault.name)
            print(f"error: {fault.name}: {error}", file=sys.stderr, flush=True)
            continue
        _print(proof)
        proofs.append(proof)
        kept = [one for one in _read(report, []) if one["fault"] != proof.fault]
        _write(report, sorted([*kept, asdict(proof)], key=lambda one: str(one["fault"])))
        if record and not chosen and proof.ended and proof.red:
            recorded[proof.fault] = proof.red[0].name
            _write(RECORD, dict(sorted(recorded.items())))
    for line in summary(proofs):
        print(line)
    if proofs:
        print(f"the table is in {report}")
    unnoticed = [proof.fault for proof in proofs if not proof.red]
    if unnoticed:
        print(f"error: no test went red for: {', '.join(unnoticed)}", file=sys.stderr)
    if unasked:
        print(f"error: not proven, as told above: {', '.join(unasked)}", file=sys.stderr)
    return 1 if unnoticed or unasked else 0


def rules_told(text: str) -> set[str]:
    """Return the rules that a text names, as ``law 3`` and ``4.5``."""
    return {rule.lower().removesuffix(" s").removesuffix(" h") for rule in rules_of(text)}


def summary(proofs: Sequence[Proof]) -> list[str]:
    """Return lines that say how many faults were noticed, by how many tests, and how well they were told."""
    noticed = [proof for proof in proofs if proof.red]
    lines = [f"{len(noticed)} of {len(proofs)} faults were noticed"]
    if noticed and noticed[0].short:
        named = sum(proof.names_rule for proof in noticed)
        lines.append(f"the first red test's message names the rule that the fault breaks in {named} of {len(noticed)}")
    elif noticed:
        red = [len(proof.red) for proof in noticed]
        told = [proof.causes for proof in noticed]
        named = sum(proof.names_rule for proof in noticed)
        lines += [
            f"red tests of a fault: median {median(red):g}, most {max(red)}",
            f"causes on the console: median {median(told):g}, most {max(told)}",
            f"the first red test's message names the rule that the fault breaks in {named} of {len(noticed)}",
        ]
    hung = [proof.fault for proof in noticed if not proof.ended]
    if hung:
        lines.append(f"noticed only because the suites did not end in {RUN_SECONDS} s: {', '.join(hung)}")
    return lines


def run_against(fault: Fault, *, short: bool = False, chosen: Run | None = None, before: Sequence[str] = ()) -> Proof:
    """Run the suites against a stack that has the fault, and return what they said.

    A ``short`` run begins with the tests that noticed it ``before``, by their full names.

    A fault with which they do not end is noticed: nobody takes that for a green run. Raises FaultError when the stack
    does not start or the suites break off.
    """
    proof = Proof(fault.name, fault.rule, short=short)
    started = time.monotonic()
    run = chosen or Run(KILLING if fault.proven_by == KILLING else "suites")
    only = [word for name in run.tests for word in ("--test", name)]
    try:
        # Two instances: some rules can only be broken between them.
        state = client.attach_or_start(fault.shape, instances=2, fault=fault.name, mends=run.is_killing)
    except StackError as error:
        raise FaultError(f"the stack with fault {fault.name} did not start: {error}") from error
    try:
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            for options in _stages(fault, run.suites, before) if short else (only,):
                _run_suites(state, Path(folder), proof, [*options, run.suites])
                if proof.red:
                    break
    finally:
        client.stop(state)
    proof.seen_after = sorted(int(found) for one in proof.red for found in _SEEN.findall(one.message))
    proof.causes = len(causes(proof.red))
    proof.names_rule = bool(proof.red and rules_told(fault.rule) & rules_told(_opening(proof.red[0].message)))
    proof.seconds = round(time.monotonic() - started, 1)
    return proof


def _stages(fault: Fault, suites: str, before: Sequence[str]) -> list[list[str]]:
    """Return the options of up to three runs: what noticed a fault before, the tests of the rules it breaks, all."""
    broken = rules_told(fault.rule)
    tests = list(TestSuite.from_file_system(ROOT / suites).all_tests)
    near = [test.full_name for test in tests if broken & rules_told(", ".join(references(test.doc)))]
    # A pattern that matches no test would end Robot's run before it begins.
    there = {test.full_name for test in tests}
    known = [name for name in before if name in there][:_FIRST]
    stages = [[word for name in names for word in ("--test", escape(name))] for names in (known, near) if names]
    return [[*stage, "--exitonfailure"] for stage in [*stages, []]]


def _run_suites(state: State, folder: Path, proof: Proof, chosen: Sequence[str]) -> None:
    command = [sys.executable, "-m", "robot", "--outputdir", str(folder), "--log", "NONE", "--report", "NONE",
               "--console", "none", "--exclude", "slow", "--variable", "SECONDS:3", *chosen]  # fmt: skip
    environment = {**state.settings, **os.environ, "SHARD_STACK_STATE": str(Path(state.run_dir) / "state.json")}
    try:
        run = subprocess.run(command, cwd=ROOT, env=environment, timeout=RUN_SECONDS, capture_output=True, check=False)
    except subprocess.TimeoutExpired:
        proof.ended = False
        proof.red = [Red("(no test: the run)", "", f"did not end in {RUN_SECONDS} s")]
        return
    output = folder / "output.xml"
    if run.returncode > 250 or not output.exists():
        raise FaultError(f"the suites did not run to their end: {run.stderr.decode()[-500:]}")
    proof.tests = 0
    ExecutionResult(str(output)).visit(_Failures(proof))
    # Robot ends a run that gets a signal in good order, with every test that was left red.
    if any(_STOPPED in one.message for one in proof.red):
        raise FaultError(f"the run of the suites against {proof.fault} was stopped by a signal")


def _first_line(message: str) -> str:
    return _opening(message).splitlines()[-1].strip()


def _opening(message: str) -> str:
    """Return a message up to the first line that says something: the headings above it have the test's rules."""
    lines = message.splitlines()
    told = [number for number, line in enumerate(lines) if line.strip() and not line.rstrip().endswith(_HEADINGS)]
    return "\n".join(lines[: told[0] + 1]) if told else "(no message)"


def _print(proof: Proof) -> None:
    print(
        f"{proof.fault:{_NAME_WIDTH}} {len(proof.red):3} of {proof.tests} red in {proof.seconds:4.0f} s   "
        f"breaks {proof.rule}"
    )
    if proof.seen_after:
        print(f"{'':{_NAME_WIDTH}}   seen after {', '.join(map(str, proof.seen_after))} calls")
    for test in proof.red[:3]:
        print(f"{'':{_NAME_WIDTH}}   {test.name}\n{'':{_NAME_WIDTH}}     {_first_line(test.message)[:200]}")
    sys.stdout.flush()


def _read(file: Path, nothing: Any) -> Any:
    if not file.exists():
        return nothing
    try:
        return json.loads(file.read_text())
    except ValueError as error:
        raise FaultError(f"{file} is no JSON any more ({error}): restore or delete it") from error


def _write(file: Path, content: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
