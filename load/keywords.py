"""Keywords of the load suites. Nothing here is needed by `robot suites/`."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from robot.api import logger
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

from libraries.target.preparing import target
from load import artillery, audit, k6, leaks, players, stress, swarm, verdict
from load.memory import Memory, Sampler, components_of
from load.players import Cast
from load.records import Complaint, Record, Served, read_all
from load.verdict import Threshold, Verdict

_ROOT = Path(__file__).resolve().parent.parent
# As many players as the profile has virtual users at most.
_PLAYERS = {"smoke": 10, "seed": 200, "soak": 50, "stress": 200}
_ARTILLERY_PLAYERS = 100
_K6 = "k6"
_PROFILES = {_K6: tuple(_PLAYERS), "locust": ("smoke",), "artillery": ("smoke", "seed")}
# Components whose memory is sampled and shown, but does not grow by leaks alone.
_STORES = ("redis",)
_PLAIN_PROGRESS_SECONDS = 10.0


@dataclass
class LoadRun:
    """A run of a tool, before it is judged."""

    profile: str
    tool: str
    cast: Cast
    memory: Memory
    logs: audit.Logs
    records: list[Record] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    thresholds: list[Threshold] = field(default_factory=list)
    extra: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return (
            f"{self.tool} run of profile {self.profile}: {len(self.records)} calls by {len(self.cast.players)} players"
        )


def results_folder() -> Path:
    """Return the folder for results: Robot's, but never the root of the repository itself."""
    folder = Path(BuiltIn().get_variable_value("${OUTPUT DIR}"))
    return _ROOT / "results" if folder.resolve() == _ROOT else folder


def raw_folder() -> Path:
    """Return the folder for raw data."""
    folder = results_folder() / "load"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class ProgressLine:
    """Shows how a run is getting on: in one line that is written over, or, where that cannot be, now and then."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._is_terminal = bool(sys.__stdout__ and sys.__stdout__.isatty())
        self._shown = 0.0

    def __call__(self, progress: k6.Progress) -> None:
        """Show it."""
        if self._is_terminal:
            logger.console(f"\r{self._title}: {progress}  ", newline=False)
        elif time.monotonic() - self._shown > _PLAIN_PROGRESS_SECONDS:
            self._shown = time.monotonic()
            logger.console(f"{self._title}: {progress}")


@library(scope="GLOBAL")
class LoadKeywords:
    """Puts load on the inventory with real tools, and judges what it did (seed, section 7.3)."""

    @keyword
    def put_load_on(self, tool: str, profile: str) -> LoadRun:
        """Let a tool run one of its profiles. Fails, with the known ones, when there is no such tool or profile."""
        for name, given, known in (("TOOL", tool, _PROFILES), ("PROFILE", profile, _PLAYERS)):
            if given not in known:
                raise AssertionError(f"{name} is {given!r}: it must be one of {', '.join(known)}")
        if profile not in _PROFILES[tool]:
            raise AssertionError(f"TOOL {tool} has no PROFILE {profile!r}: it has {', '.join(_PROFILES[tool])}")
        if profile == "stress":
            return self.raise_the_rate_until_a_threshold_breaks()
        if tool == "locust":
            return self.load_with_locust()
        return self.load_with_artillery(profile) if tool == "artillery" else self.load_with_k6(profile)

    @keyword
    def load_with_k6(self, profile: str) -> LoadRun:
        """Let k6 run a profile: ``smoke`` (17 s), ``seed`` (4.5 min) or ``soak`` (30 min). Needs internal calls."""
        with _prepared(profile, _K6, _PLAYERS[profile]) as (run, folder):
            file = players.write_json(run.cast, folder / "players.json")
            outcome = k6.Run(profile, file, raw_folder()).start(ProgressLine(f"k6 {profile}"))
        run.records, run.complaints = read_all([outcome.records])
        run.thresholds = verdict.speed_thresholds(outcome)
        run.extra = {"within_seed_times": outcome.metric("within_seed_times", "value")}
        return run

    @keyword
    def load_with_locust(self, seconds: int = 10, users: int = 20, workers: int = 2) -> LoadRun:
        """Let Locust's master and workers, all on this machine, run the same mix for so many seconds."""
        with _prepared("smoke", "locust", users) as (run, folder):
            file = players.write_json(run.cast, folder / "players.json")
            wanted = swarm.Run(file, raw_folder(), target().first.public, seconds, users, workers)
            outcome = wanted.start(ProgressLine("locust"))
        run.records, run.complaints = read_all(outcome.records)
        run.thresholds = verdict.thresholds_of(run.records, run.complaints)
        run.thresholds.append(verdict.enough("workers that did calls", outcome.busy_workers, workers))
        return run

    @keyword
    def load_with_artillery(self, profile: str) -> LoadRun:
        """Let Artillery run the seed's scenario, with ``seed`` in its own phases (4 min), otherwise for 12 s."""
        with _prepared(profile, "artillery", _ARTILLERY_PLAYERS) as (run, folder):
            players.stock(run.cast, 3)
            file = players.write_json(run.cast, folder / "players.json")
            records = artillery.Run(file, raw_folder(), profile).start(ProgressLine("artillery"))
        run.records, run.complaints = read_all([records])
        run.thresholds = verdict.thresholds_of(run.records, run.complaints)
        return run

    @keyword
    def raise_the_rate_until_a_threshold_breaks(self, start: int = 50, hold: int = 8) -> LoadRun:
        """Let k6 raise the arrival rate (iterations a second) step by step; the verdict tells the highest that held.

        Each step ramps from the rate before for 2 s and stays for ``hold`` seconds. After the first that breaks, the
        steps between the last that held and it are halved three times.
        """
        with _prepared("stress", _K6, _PLAYERS["stress"]) as (run, folder):
            file = players.write_json(run.cast, folder / "players.json")
            search = stress.Search(file, raw_folder(), start, hold)
            search.run(ProgressLine)
        run.records, run.complaints = read_all([step.outcome.records for step in search.steps])
        run.thresholds = [verdict.enough("highest rate that held", search.highest, start)]
        run.extra = search.as_json()
        return run

    @keyword
    def judge_load(self, run: LoadRun) -> Verdict:
        """Check the ledger of every player, the services' logs and their memory; write ``load.json`` to the results."""
        result = Verdict(run.profile, run.tool, list(run.thresholds), complaints=run.complaints, extra=dict(run.extra))
        result.count(run.records)
        result.players = len(run.cast.players)
        started = time.monotonic()
        result.ledger_violations = audit.ledger_violations(run.cast, run.records)
        result.ledger_checked_in_seconds = time.monotonic() - started
        result.server_errors = run.logs.errors()
        result.memory = slopes(run.memory, run.records)
        result.thresholds += _after_run(result, run)
        run.memory.write(raw_folder() / "memory.csv")
        result.write(results_folder() / "load.json")
        return result

    @keyword
    def show_load(self, run: LoadRun, result: Verdict) -> None:
        """Put verdict, tables and plots at the top of the log and the report, and say the limits on the console."""
        from load import pictures  # matplotlib takes a while to import

        parts = [verdict.headline(result), verdict.thresholds_table(result), verdict.calls_table(result)]
        plots = pictures.all_of(run.records, run.memory.readings)
        parts += [pictures.shown(title, svg) for title, svg in plots.items()]
        BuiltIn().set_suite_metadata("Verdict", "\n\n".join(parts), top=True)
        BuiltIn().set_test_message(verdict.summary(result))
        for complaint in result.complaints[:20]:
            logger.info(f"failed check: {complaint.call} of player {complaint.player} {complaint.what}")
        for line in [
            *result.ledger_violations[:50],
            *(line for ls in result.server_errors.values() for line in ls[:20]),
        ]:
            logger.info(line)
        logger.console("")
        for threshold in result.thresholds:
            logger.console(f"  {'held  ' if threshold.held else 'BROKEN'} {threshold}")

    @keyword
    def every_threshold_should_hold(self, result: Verdict) -> None:
        """Fail when a threshold is broken; the message names each, with its limit and value."""
        if result.broken:
            raise AssertionError("; ".join(str(threshold) for threshold in result.broken))


@contextlib.contextmanager
def _prepared(profile: str, tool: str, count: int) -> Iterator[tuple[LoadRun, Path]]:
    """Make players, and watch memory while the tool runs inside; the folder is for files with tokens."""
    stack = target().stack
    cast = players.gather(count)
    parent = Path(stack.run_dir) if stack else None
    with players.private_folder(parent) as folder, Sampler(components_of(stack)) as sampler:
        yield LoadRun(profile, tool, cast, sampler.memory, audit.Logs(stack)), folder


def slopes(memory: Memory, records: Sequence[Record]) -> dict[str, leaks.Slope]:
    """Return the growth of each service's memory over the calls answered in the run."""
    served = Served(records)
    return {
        name: leaks.slope_of([leaks.Sample(served.by(reading.at), reading.resident) for reading in readings])
        for name, readings in memory.readings.items()
        if name not in _STORES
    }


def _after_run(result: Verdict, run: LoadRun) -> list[Threshold]:
    errors = sum(len(lines) for lines in result.server_errors.values()) if run.logs.readable else None
    first = result.ledger_violations[0] if result.ledger_violations else ""
    return [
        verdict.none_of("ledger violations", len(result.ledger_violations), first),
        verdict.none_of(
            "server errors in the logs", errors, "" if run.logs.readable else "logs cannot be read from here"
        ),
        verdict.none_of("services that ended", len(run.memory.gone), ", ".join(run.memory.gone)),
        *(verdict.memory_threshold(name, slope) for name, slope in result.memory.items()),
    ]
