"""``python -m monitoring.elsewhere FILE…``: hold another deployment's alert rules against the contract (6.3 S).

The rules are proven by what they do: promtool is given some time without trouble and then each trouble, as a service's
metrics (6.2) would tell it, and says which alerts fire and when. How the rules are written is free.
Exit codes: 0 all is kept, 1 it is not or it cannot be said, 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STEP = 15
# Troubles begin then; windows that rules look back over are filled before, and once more until they must have fired.
BEGIN, LONGEST_WINDOW = 1200, 900
EDGES = ("0.005", "0.01", "0.05", "0.1", "0.25", "0.5", "1", "2", "2.5", "5", "10", "+Inf")
_CALL = 'method="GET",endpoint="/inventory"'
_ASKED = 'operation="get",cache_type="inventory"'
_STATEMENT = 'operation="select"'


@dataclass(frozen=True)
class Trouble:
    """What a service's metrics tell before and during a trouble, and the alert that it must raise, or must not.

    ``metrics`` are growths a second, or values of gauges, before and after `BEGIN`; ``hold`` is in seconds.
    """

    name: str
    alert: str
    hold: int
    metrics: Mapping[str, tuple[float | None, float | None]]
    raises: bool = True
    severity: str = ""


def _times(metric: str, labels: str, before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, Any]:
    """Return a histogram of ten observations a second: which share of them lies in the bucket that ends at an edge."""
    told: dict[str, Any] = {}
    for edge in EDGES:
        below = EDGES[: EDGES.index(edge) + 1]
        told[f'{metric}_bucket{{{labels},le="{edge}"}}'] = tuple(
            10 * sum(share for one, share in shares.items() if one in below) for shares in (before, after)
        )
    return told | {f"{metric}_count{{{labels}}}": (10, 10)}


def _slow(metric: str, labels: str, alert: str, hold: int, fast: str, slow: str) -> Iterator[Trouble]:
    for share in (0.1, 0.02):
        series = _times(metric, labels, {"0.01": 1.0}, {"0.01": 1 - share, slow: share})
        yield Trouble(f"{share:.0%} take longer", alert, hold, series, raises=share > 0.05)
    series = _times(metric, labels, {"0.01": 1.0}, {fast: 1.0})
    yield Trouble(f"all take longer, and none over {fast} s", alert, hold, series, raises=False)


def _of_two(metric: str, good: str, bad: str, share: float) -> dict[str, tuple[float | None, float | None]]:
    return {f"{metric}{{{good}}}": (10, 10 * (1 - share)), f"{metric}{{{bad}}}": (0, 10 * share)}


def troubles() -> Iterator[Trouble]:
    """Return every trouble that 6.3 S names, on both sides of its limit."""
    down, fine = "InventoryServiceDown", "inventory_service_up{}"
    yield Trouble("it cannot be scraped", down, 60, {"up{}": (1, 0), fine: (1, None)}, severity="critical")
    yield Trouble(
        "it can be scraped, and its service_up is 0", down, 60, {"up{}": (1, 1), fine: (1, 0)}, severity="critical"
    )
    yield Trouble("nothing is wrong", down, 60, {"up{}": (1, 1), fine: (1, 1)}, raises=False)
    good, bad = (f'{_CALL},status="{status}"' for status in (200, 503))
    for share in (0.14, 0.07):
        series = _of_two("inventory_http_requests_total", good, bad, share)
        yield Trouble(f"{share:.0%} are 5xx", "InventoryHighErrorRate", 300, series, raises=share > 0.1)
    refused = _of_two("inventory_http_requests_total", good, f'{_CALL},status="400"', 0.5)
    yield Trouble("half are 400", "InventoryHighErrorRate", 300, refused, raises=False)
    yield from _slow("inventory_http_request_duration_seconds", _CALL, "InventoryHighLatency", 300, "2", "5")
    good, bad = (f'{_STATEMENT},status="{status}"' for status in ("success", "error"))
    for share in (0.08, 0.03):
        series = _of_two("inventory_database_queries_total", good, bad, share)
        series |= _times("inventory_database_query_duration_seconds", _STATEMENT, {"0.01": 1.0}, {"0.01": 1.0})
        yield Trouble(f"{share:.0%} of the queries fail", "InventoryDatabaseIssues", 120, series, raises=share > 0.05)
    for one in _slow(
        "inventory_database_query_duration_seconds", _STATEMENT, "InventoryDatabaseIssues", 120, "5", "10"
    ):
        asked = _of_two("inventory_database_queries_total", good, bad, 0.0)
        yield Trouble(one.name, one.alert, one.hold, {**one.metrics, **asked}, one.raises)
    for hits in (0.6, 0.8):
        yield Trouble(f"{hits:.0%} hits", "InventoryCacheProblems", 600, _cached(1.0, hits, 10), raises=hits < 0.7)
    # As after a restart: nothing has been looked up, so nothing was found.
    yield Trouble("no traffic", "InventoryCacheProblems", 600, _cached(1.0, 0.0, 0), raises=False)
    metric = "inventory_balance_calculation_duration_seconds"
    yield from _slow(metric, 'cache_hit="false"', "InventoryBalanceCalculationSlow", 300, "1", "2.5")


def _cached(before: float, after: float, rate: float) -> dict[str, tuple[float | None, float | None]]:
    metric = "inventory_cache_operations_total"
    return {
        'inventory_cache_hit_ratio{cache_type="inventory"}': (before, after),
        f'{metric}{{{_ASKED},status="hit"}}': (10 * before, rate * after),
        f'{metric}{{{_ASKED},status="miss"}}': (10 * (1 - before), rate * (1 - after)),
    }


def _values(series: str, before: float | None, after: float | None, end: int) -> str:
    """Return a series' values as promtool reads them. A gauge keeps its value, a counter grows by it a second."""
    is_gauge = series.startswith(("up", "inventory_service_up", "inventory_cache_hit_ratio"))
    first, second = BEGIN // STEP, (end - BEGIN) // STEP
    if is_gauge:
        return " ".join(
            f"_x{count}" if value is None else f"{value}x{count - 1}"
            for value, count in ((before, first), (after, second))
        )
    before, after = (before or 0.0) * STEP, (after or 0.0) * STEP
    return f"0+{before}x{first - 1} {before * first}+{after}x{second}"


def promtool_test(trouble: Trouble, job: str) -> dict[str, Any]:
    """Return what promtool has to be asked about one trouble."""
    end = BEGIN + LONGEST_WINDOW + trouble.hold + 120
    labels = f'job="{job}",instance="a:9090"'
    severity = f',severity="{trouble.severity}"' if trouble.severity else ""
    fires = f'clamp_max(count(ALERTS{{alertname="{trouble.alert}",alertstate="firing"{severity}}}) or vector(0), 1)'
    asked = {BEGIN - STEP: 0, BEGIN + trouble.hold - STEP: 0, end: int(trouble.raises)}
    return {
        "name": f"{trouble.alert}, {trouble.name}",
        "interval": f"{STEP}s",
        "input_series": [
            {
                "series": series.replace("{", "{" + labels + ("" if "{}" in series else ","), 1),
                "values": _values(series, *told, end),
            }
            for series, told in trouble.metrics.items()
        ],
        "promql_expr_test": [
            {"expr": fires, "eval_time": f"{at}s", "exp_samples": [{"labels": "{}", "value": value}]}
            for at, value in asked.items()
        ],
    }


def unreadable(files: list[Path]) -> str:
    """Return what promtool says of files that are no rules, in one line; nothing of good ones."""
    done = subprocess.run(["promtool", "check", "rules", *files], capture_output=True, text=True, check=False)
    return " ".join((done.stdout + done.stderr).split())[:300] if done.returncode else ""


def judge(files: list[Path], prefix: str, job: str, words: Mapping[str, str]) -> list[str]:
    """Return what is wrong with rules, a line each. Raises OSError when promtool cannot be run."""
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="alert-rules-") as folder:
        for number, trouble in enumerate(troubles()):
            text = json.dumps(promtool_test(trouble, job))
            for ours, theirs in words.items():
                text = text.replace(f'\\"{ours}\\"', f'\\"{theirs}\\"')
            test = json.loads(text.replace("inventory_", f"{prefix}_"))
            told = {"rule_files": [str(file.resolve()) for file in files], "evaluation_interval": f"{STEP}s"}
            path = Path(folder) / f"{number}.json"
            path.write_text(json.dumps({**told, "tests": [test]}), encoding="utf-8")
            done = subprocess.run(["promtool", "test", "rules", path], capture_output=True, text=True, check=False)
            if done.returncode:
                wrong.append(_told(trouble, done.stdout + done.stderr))
    return wrong


def _told(trouble: Trouble, said: str) -> str:
    if "got" not in said:
        return f"{trouble.alert}: promtool says {' '.join(said.split())[:300]}"
    if any(f"time: {_as_promtool_says(at)}" in said for at in (BEGIN - STEP, BEGIN + trouble.hold - STEP)):
        what = f"fires within {trouble.hold - STEP} s"
    else:
        what = "does not fire" if trouble.raises else "fires"
    also = f" as {trouble.severity}" if trouble.severity and what == "does not fire" else ""
    return f"[6.3 S] {trouble.alert} {what}{also}: {trouble.name}"


def _as_promtool_says(seconds: int) -> str:
    minutes, left = divmod(seconds, 60)
    return "".join(f"{count}{unit}" for count, unit in ((minutes, "m"), (left, "s")) if count)


def main(arguments: list[str]) -> int:
    """Judge the rules that the command line names; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m monitoring.elsewhere", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="Prometheus rule files")
    parser.add_argument(
        "--prefix",
        default="inventory_",
        help="what stands before service_up, as TARGET_METRIC_PREFIX has it (default inventory_)",
    )
    parser.add_argument("--job", default="inventory-service", help="that Prometheus scrapes the service as")
    parser.add_argument(
        "--word", action="append", default=[], metavar="OURS=THEIRS",
        help="a label's value that is another there: hit=cache_hit, error=failed, /inventory=/api/inventory",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    words = dict(word.split("=", 1) for word in options.word if "=" in word)
    missing = [str(file) for file in options.files if not file.is_file()]
    if missing or len(words) < len(options.word):
        what = f"there is no file {missing[0]}" if missing else "a --word reads OURS=THEIRS"
        print(f"error: {what}", file=sys.stderr)
        return 2
    if not shutil.which("promtool"):
        print("error: no promtool: make monitoring-tools", file=sys.stderr)
        return 1
    problem = unreadable(options.files)
    if problem:
        print(f"error: promtool cannot read these rules: {problem}", file=sys.stderr)
        return 1
    wrong = judge(options.files, options.prefix.removesuffix("_"), options.job, words)
    for line in wrong:
        print(line)
    prefix = f"{options.prefix.removesuffix('_')}_"
    if wrong and not any(f"{prefix}http_" in file.read_text("utf-8", "replace") for file in options.files):
        print(f"No rule names a metric {prefix}http_…: is --prefix right?")
    print(f"{len(list(troubles()))} troubles were told, {len(wrong)} of them wrongly")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
