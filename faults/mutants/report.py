"""Counts what came out and tells it: on the console, as JSON, and as a page."""

import json
import math
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from faults.mutants.campaign import Result
from faults.mutants.judged import Judgement
from faults.mutants.mutant import Mutant

ROOT = Path(__file__).parents[2]
_Z = 1.96
LANGUAGES = {"sql": "SQL", "python": "Python"}


def wilson(noticed: int, asked: int) -> tuple[float, float]:
    """The 95 % confidence interval of a share, after Wilson."""
    if not asked:
        return 0.0, 1.0
    share, square = noticed / asked, _Z * _Z
    middle = share + square / (2 * asked)
    spread = _Z * math.sqrt(share * (1 - share) / asked + square / (4 * asked * asked))
    return max(0.0, (middle - spread) / (1 + square / asked)), min(1.0, (middle + spread) / (1 + square / asked))


@dataclass(frozen=True)
class Score:
    """How many mutants were asked about and how many of them the suites noticed."""

    noticed: int
    asked: int

    @property
    def share(self) -> float:
        """Noticed of asked; 1 when there were none."""
        return self.noticed / self.asked if self.asked else 1.0

    def __str__(self) -> str:
        low, high = wilson(self.noticed, self.asked)
        interval = f"{100 * low:.1f} to {100 * high:.1f} %"
        return f"{100 * self.share:5.1f} % ({self.noticed} of {self.asked}; 95 % confidence {interval})"


@dataclass(frozen=True)
class Outcome:
    """A whole campaign. ``total`` is how many mutants there are, of which those in ``results`` were asked about."""

    results: Sequence[Result]
    judged: Sequence[tuple[Mutant, Judgement]]
    total: Mapping[str, int]
    rules: Mapping[str, str]
    seconds: float
    seed: int | None
    since: str | None

    def counted(self) -> list[Result]:
        """The results that count: what is no program at all is no mutant."""
        return [result for result in self.results if result.status != "no mutant"]

    def score(self, results: Iterable[Result] | None = None) -> Score:
        """The score of some results, or of all."""
        statuses = [result.status for result in (self.counted() if results is None else results)]
        return Score(sum(status != "survived" for status in statuses), len(statuses))

    def by(self, part: Callable[[Result], str]) -> dict[str, Score]:
        """The scores of the parts that a function names."""
        groups: dict[str, list[Result]] = defaultdict(list)
        for result in self.counted():
            groups[part(result)].append(result)
        return {name: self.score(groups[name]) for name in sorted(groups)}

    def survivors(self) -> list[Result]:
        """What the suites did not notice."""
        return [result for result in self.counted() if result.status == "survived"]

    def rule(self, mutant: Mutant) -> str:
        """The rule that a mutant's place serves."""
        return self.rules.get(mutant.key, "?")


def console(outcome: Outcome) -> str:
    """The outcome in some lines."""
    lines = [f"{LANGUAGES[name]:8} {score}" for name, score in outcome.by(lambda one: one.mutant.language).items()]
    lines += ["", "by service"]
    lines += [f"  {name:12} {score}" for name, score in outcome.by(lambda one: one.mutant.service).items()]
    lines += ["", f"{len(outcome.survivors())} survived:"]
    lines += [f"  {one.mutant.key} {outcome.rule(one.mutant):10} {one.mutant.name}" for one in outcome.survivors()]
    refused = sum(one.status == "no mutant" for one in outcome.results)
    slow = sum(one.status == "timeout" for one in outcome.results)
    cost = sum(bool(entry.judged_by) for _, entry in outcome.judged)
    lines += [
        "",
        f"asked {len(outcome.results)} of {sum(outcome.total.values())} mutants in {outcome.seconds:.0f} s",
        f"{slow} noticed by the time limit; {refused} that PostgreSQL refuses are not counted",
        f"{len(outcome.judged)} listed as equivalent, {cost} of them judged by a plan test or a benchmark",
    ]
    return "\n".join(lines)


def write(outcome: Outcome, folder: Path) -> None:
    """Write ``mutants.json`` and ``mutants.md``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mutants.json").write_text(json.dumps(_data(outcome), indent=1), "utf-8")
    (folder / "mutants.md").write_text(_page(outcome), "utf-8")


def _data(outcome: Outcome) -> dict[str, object]:
    def scores(part: Callable[[Result], str]) -> dict[str, object]:
        return {
            name: {"noticed": score.noticed, "asked": score.asked, "score": round(score.share, 4),
                   "confidence": [round(limit, 4) for limit in wilson(score.noticed, score.asked)]}
            for name, score in outcome.by(part).items()
        }  # fmt: skip

    return {
        "commit": commit(),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "seconds": round(outcome.seconds),
        "seed": outcome.seed,
        "since": outcome.since,
        "mutants": dict(outcome.total),
        "language": scores(lambda one: one.mutant.language),
        "service": scores(lambda one: one.mutant.service),
        "file": scores(lambda one: one.mutant.file),
        "function": scores(_function),
        "rule": scores(lambda one: outcome.rule(one.mutant)),
        "kind": scores(lambda one: one.mutant.kind),
        "results": [
            {"key": one.mutant.key, "name": one.mutant.name, "rule": outcome.rule(one.mutant), "status": one.status,
             "test": one.test, "message": one.message, "seconds": round(one.seconds, 2),
             **({"diff": one.mutant.diff()} if one.status == "survived" else {})}
            for one in outcome.results
        ],
        "equivalent": [
            {"key": mutant.key, "name": mutant.name, "reason": entry.reason, "judged_by": entry.judged_by}
            for mutant, entry in outcome.judged
        ],
    }  # fmt: skip


def _function(result: Result) -> str:
    return f"{result.mutant.file}:{result.mutant.function}"


def commit() -> str:
    """The commit of this checkout, marked when it differs from it."""
    run = subprocess.run(["git", "describe", "--always", "--dirty", "--abbrev=12"], cwd=ROOT, capture_output=True,
                         text=True, check=False)  # fmt: skip
    return run.stdout.strip() or "unknown"


def _page(outcome: Outcome) -> str:
    lines = ["# What the suites notice", "", f"Commit `{commit()}`, {time.strftime('%Y-%m-%d', time.gmtime())}, "
             f"{len(outcome.results)} of {sum(outcome.total.values())} mutants"
             + (f", a sample with seed {outcome.seed}" if outcome.seed is not None else "")
             + (f", what changed since `{outcome.since}`" if outcome.since else "") + ".", ""]  # fmt: skip
    tables: tuple[tuple[str, Callable[[Result], str]], ...] = (
        ("language", lambda one: LANGUAGES[one.mutant.language]), ("service", lambda one: one.mutant.service),
        ("file", lambda one: one.mutant.file), ("rule", lambda one: outcome.rule(one.mutant)),
        ("kind of change", lambda one: one.mutant.kind), ("function", _function),
    )  # fmt: skip
    for title, part in tables:
        lines += [f"## By {title}", "", f"| {title} | score |", "|---|---|"]
        lines += [f"| `{name}` | {score} |" for name, score in outcome.by(part).items()]
        lines.append("")
    lines += ["## Survivors", ""]
    for one in outcome.survivors():
        lines += [f"### `{one.mutant.key}` {one.mutant.file}: {one.mutant.kind}", "",
                  f"Rule {outcome.rule(one.mutant)}, in `{one.mutant.function}`.", "",
                  "```diff", one.mutant.diff() or one.mutant.install, "```", ""]  # fmt: skip
    lines += ["## Listed as equivalent", ""]
    reasons = Counter((entry.reason, entry.judged_by) for _, entry in outcome.judged)
    for (reason, judged_by), count in reasons.most_common():
        lines += [f"- {count}: {reason}" + (f" Judged by {judged_by}." if judged_by else "")]
        lines += [f"  - `{mutant.name}`" for mutant, entry in outcome.judged if entry.reason == reason]
    return "\n".join(lines) + "\n"
