"""Puts mutants into several stacks at once and asks the suites about each."""

import contextlib
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Literal

from faults.mutants.arena import Arena, BrokenArenaError, NoMutantError
from faults.mutants.collect import is_real, python_files, python_mutants, sql_mutants
from faults.mutants.history import History
from faults.mutants.mutant import Mutant, MutantError
from faults.mutants.reach import Reach
from faults.mutants.robots import Known, Suites, Verdict
from stack.processes import die_with, key_of
from stack.state import ProcessKey, Shape

Status = Literal["killed", "survived", "timeout", "no mutant"]
# After so many mutants, the tests that noticed them have to be green without one.
CANARY_EVERY = 15
LEAST_LIMIT = 45.0
LIMIT_FACTOR = 3.0
# For all suites, each call traced, on a machine that has other work too.
FIRST_LIMIT = 2400.0


@dataclass(frozen=True)
class Result:
    """What became of one mutant. ``test``, of file ``source``, noticed it."""

    mutant: Mutant
    status: Status
    test: str = ""
    message: str = ""
    source: str = ""
    seconds: float = 0.0


@dataclass
class Work:
    """What a worker is asked to do with one mutant."""

    mutant: Mutant
    first: dict[str, str]
    again: bool = False


@dataclass
class Batch:
    """Results that a canary has confirmed, or mutants that have to be asked about again because it was red."""

    results: list[Result] = field(default_factory=list)
    repeat: list[Mutant] = field(default_factory=list)
    # Not confirmed, but good enough to choose the next tests by.
    hints: list[Result] = field(default_factory=list)
    failure: str = ""
    note: str = ""
    known: Known | None = None


class Worker:
    """One stack and what is asked of it; lives in a process of its own, as one of so many (``share``)."""

    def __init__(self, share: tuple[int, int], folder: Path, owner: ProcessKey, shape: Shape) -> None:
        self._share = share
        self._arena = Arena(share[0], folder, owner, shape)
        self._suites = Suites(self._arena.environment)
        self._limit = LEAST_LIMIT
        # Not confirmed by a canary yet.
        self._results: list[Result] = []
        self._reds = 0

    def run(self, pipe: Connection) -> None:
        """Answer work with batches until there is no more; None asks for what is left."""
        with self._arena:
            self._suites.warm_up()
            self._prove_green()
            pipe.send(Batch(note="ready", known=self._suites.known))
            known: Known = pipe.recv()
            self._suites.learn(known)
            self._limit = max(LEAST_LIMIT, LIMIT_FACTOR * sum(known.seconds.values()))
            while True:
                work = pipe.recv()
                if work == "end":
                    return
                pipe.send(self._do(work) if work is not None else self._confirmed())

    def _prove_green(self) -> None:
        """Its share of all suites without a mutant: what is red now would pass for a mutant that was noticed."""
        for last in (False, True):
            self._arena.put(None, marking=True)
            verdict = self._suites.ask(FIRST_LIMIT, marks=self._arena.folder, share=self._share)
            if not verdict.red:
                return
            what = f"the suites are red without any mutant: {verdict.test}: {_first_line(verdict.message)}"
            if last:
                raise MutantError(what)
            print(f"  {what}; once more", flush=True)

    def _do(self, work: Work) -> Batch:
        started = time.monotonic()
        try:
            self._arena.put(work.mutant)
        except NoMutantError as error:
            return Batch([Result(work.mutant, "no mutant", message=str(error))])
        except BrokenArenaError as error:
            # What went before was asked on a sound stack; this one was not asked yet.
            self._arena.replace()
            if work.again:
                return Batch([Result(work.mutant, "no mutant", message=str(error))], note=f"stack replaced: {error}")
            return Batch(repeat=[work.mutant], note=f"stack replaced: {error}")
        verdict = self._ask(work)
        refused = self._arena.refused_by_postgresql() if verdict.red else None
        status: Status = (
            "no mutant" if refused else "timeout" if verdict.timed_out else "killed" if verdict.red else "survived"
        )
        message = refused or _first_line(verdict.message)
        self._results.append(
            Result(work.mutant, status, verdict.test or "", message, verdict.source, time.monotonic() - started)
        )
        if len(self._results) >= CANARY_EVERY or verdict.timed_out:
            return self._confirmed()
        return Batch(hints=self._results[-1:])

    def _ask(self, work: Work) -> Verdict:
        reaching = self._suites.reaching(work.mutant)
        if reaching is not None and not reaching:
            return Verdict(False, message="no test reaches it")
        if work.first:
            verdict = self._ask_twice(work.first)
            if verdict.red:
                return verdict
        if reaching is None:
            return self._suites.ask(self._limit, without=work.first)
        return self._ask_twice({test: source for test, source in reaching.items() if test not in work.first})

    def _ask_twice(self, tests: Mapping[str, str]) -> Verdict:
        """Ask tests until one is red and red again by itself: on a busy machine one is sometimes red for no mutant."""
        left = dict(tests)
        while left:
            verdict = self._suites.ask(self._limit, only=left)
            if not verdict.red or not verdict.test or verdict.timed_out:
                return verdict
            if verdict.test not in left:
                # No test of theirs: the run found nothing that it could ask.
                again = self._suites.ask(self._limit, only=left)
                return verdict if again.red else again
            if self._suites.ask(self._limit, only={verdict.test: verdict.source}).red:
                return verdict
            del left[verdict.test]
        return Verdict(False)

    def _confirmed(self) -> Batch:
        """Take the last mutant back and look whether those tests are green now that noticed the last mutants."""
        results, self._results = self._results, []
        killers = {result.test: result.source for result in results if result.status == "killed" and result.test}
        try:
            self._arena.put(None)
            verdict = self._suites.ask(self._limit, only=killers) if killers else Verdict(False)
            healthy, why = not verdict.red and self._arena.is_ready(), f"{verdict.test}: {_first_line(verdict.message)}"
        except BrokenArenaError as error:
            healthy, why = False, str(error)
        if healthy:
            self._reds = 0
            return Batch(results)
        self._reds += 1
        if self._reds > 2:
            raise MutantError(f"the suites stay red on stacks without any mutant: {why}")
        self._arena.replace()
        # A survivor survived whatever the stack was like; what was noticed may have been noticed for another reason.
        safe = [result for result in results if result.status in ("survived", "no mutant")]
        return Batch(safe, [result.mutant for result in results if result not in safe], note=f"stack replaced: {why}")


def _first_line(message: str) -> str:
    lines = [
        line for line in message.splitlines() if line.strip() and not line.rstrip().endswith(("failed:", "occurred:"))
    ]
    return lines[0][:300] if lines else ""


def _work(share: tuple[int, int], folder: Path, owner: ProcessKey, shape: Shape, pipe: Connection) -> None:
    die_with(owner.pid, signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        Worker(share, folder, owner, shape).run(pipe)
    except MutantError as error:
        pipe.send(Batch(failure=str(error)))
    except (EOFError, BrokenPipeError):
        return


Report = Callable[[Result, int], None]


def everything(python: bool, sql: bool) -> list[Mutant]:
    """All mutants there are, Python's unchecked (see `is_real`). Starts a stack for those of the database."""
    found: list[Mutant] = []
    if sql:
        with (
            tempfile.TemporaryDirectory(prefix="mutants-") as folder,
            Arena(0, Path(folder) / "0", key_of(os.getpid())) as arena,
        ):
            found += sql_mutants(arena.database)
    if python:
        for path in python_files():
            found += python_mutants(path)
    return found


def sample(mutants: Sequence[Mutant], size: int, seed: int) -> list[Mutant]:
    """Draw so many real mutants, each as likely as any other; in the order of their places."""
    order = list(range(len(mutants)))
    random.Random(seed).shuffle(order)
    chosen: list[int] = []
    for index in order:
        if len(chosen) == size:
            break
        if is_real(mutants[index]):
            chosen.append(index)
    return [mutants[index] for index in sorted(chosen)]


class _Campaign:
    """Deals mutants out to workers and collects what they say."""

    def __init__(self, mutants: Sequence[Mutant], history: History, deadline: float, told: Report) -> None:
        self._pending = deque(mutants)
        self._again: set[str] = set()
        self._history = history
        self._deadline = deadline
        self._told = told
        # Asked for what is left, so that the next silence is the end.
        self._asked: set[Connection] = set()
        self.results: list[Result] = []

    def run(self, pipes: Sequence[Connection]) -> None:
        """Go on until each worker has said its last. Each learns first what all have learned together."""
        known = Known({}, Reach({}, {}))
        for pipe in _each_ready(pipes):
            known += _received(pipe).known or known
        for pipe in pipes:
            pipe.send(known)
            self._deal(pipe)
        busy = set(pipes)
        while busy:
            for ready in wait(list(busy)):
                pipe = next(one for one in busy if one is ready)
                self._take(_received(pipe))
                if not self._deal(pipe):
                    busy.discard(pipe)
            # What had to be asked again may have come after a worker's last word.
            for pipe in [one for one in pipes if one not in busy and self._pending and not self._is_over()]:
                self._deal(pipe)
                busy.add(pipe)

    def _is_over(self) -> bool:
        return time.monotonic() > self._deadline

    def _take(self, batch: Batch) -> None:
        if batch.note:
            print(f"  {batch.note}", flush=True)
        self._again.update(mutant.key for mutant in batch.repeat)
        self._pending.extend(batch.repeat)
        for result in [*batch.hints, *batch.results]:
            if result.status == "killed" and result.test:
                self._history.learn(result.mutant, result.test, result.source)
        for result in batch.results:
            self.results.append(result)
            self._told(result, len(self.results))

    def _deal(self, pipe: Connection) -> bool:
        """Give a worker something to do; False when it has nothing left."""
        if self._pending and not self._is_over():
            mutant = self._pending.popleft()
            self._asked.discard(pipe)
            pipe.send(Work(mutant, self._history.first(mutant), mutant.key in self._again))
        elif pipe not in self._asked:
            self._asked.add(pipe)
            pipe.send(None)
        else:
            return False
        return True


def run(
    mutants: Sequence[Mutant],
    workers: int,
    history: History,
    minutes: float | None,
    told: Report,
    shape: Shape = "single",
) -> list[Result]:
    """Ask about each mutant, on several stacks of a shape; return what is known when all are done or the time is over.

    Raises MutantError when a stack or the suites cannot be run at all.
    """
    deadline = time.monotonic() + minutes * 60 if minutes else float("inf")
    campaign = _Campaign(mutants, history, deadline, told)
    with (
        tempfile.TemporaryDirectory(prefix="mutants-") as folder,
        _started(workers, Path(folder), key_of(os.getpid()), shape) as pipes,
    ):
        campaign.run(pipes)
    return campaign.results


def _each_ready(pipes: Sequence[Connection]) -> Iterator[Connection]:
    """Return the pipes in the order in which something comes."""
    left = list(pipes)
    while left:
        for ready in wait(list(left)):
            pipe = next(one for one in left if one is ready)
            left.remove(pipe)
            yield pipe


def _received(pipe: Connection) -> Batch:
    try:
        batch: Batch = pipe.recv()
    except EOFError:
        raise MutantError("a worker ended without a word: see above for what it printed") from None
    if batch.failure:
        raise MutantError(batch.failure)
    return batch


@contextlib.contextmanager
def _started(count: int, folder: Path, owner: ProcessKey, shape: Shape) -> Iterator[list[Connection]]:
    """Start workers; end them, and with them their stacks, whatever happens."""
    context = multiprocessing.get_context("fork")
    pipes: list[Connection] = []
    processes = []
    for number in range(1, count + 1):
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=((number, count), folder / str(number), owner, shape, theirs))
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    try:
        yield pipes
        for pipe in pipes:
            pipe.send("end")
        for process in processes:
            process.join(30)
    finally:
        for process in processes:
            if process.is_alive():
                process.terminate()
                process.join(15)
