"""``python -m benchmarks``: run the benchmarks, print the table, write results/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import cases, machine, stacks
from benchmarks.errors import BenchError, run_tool
from benchmarks.stats import table
from stack.places import REPO_ROOT

_MILLI = 1000


def main() -> int:
    """Run pytest on the benchmarks and return 0 when all of them could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure the running stack, or a new one."
    )
    parser.add_argument("-k", metavar="WORDS", help="only benchmarks whose names hold these (pytest's -k)")
    options = parser.parse_args()
    description = machine.report()
    with stacks.workshop() as folder:
        raw = _run_pytest(folder / "raw.json", ["-k", options.k] if options.k else [])
    order = {case.name: position for position, case in enumerate(cases.ALL)}
    results = sorted((_result(one) for one in raw["benchmarks"]), key=lambda one: order.get(one["name"], len(order)))
    path = machine.write("bench.json", {**description, "benchmarks": results})
    print(f"\n{machine.headline(description['machine'])}; commit {description['commit']}\n")
    head = ("benchmark", "median ms", "IQR ms", "calls/s", "rounds")
    print(table(head, [_row(one) for one in results]))
    print(f"\n{path.relative_to(REPO_ROOT) if path.is_relative_to(REPO_ROOT) else path}")
    return 0


def _run_pytest(raw: Path, arguments: list[str]) -> dict[str, Any]:
    command = [
        sys.executable, "-m", "pytest", "benchmarks", "--ignore=benchmarks/yardstick",
        "--benchmark-only", f"--benchmark-json={raw}",
        f"--benchmark-storage=file://{raw.parent}/saved",
        "--benchmark-quiet", "--benchmark-disable-gc", "-p", "no:cacheprovider", "-p", "no:cov", *arguments,
    ]  # fmt: skip
    surroundings = {**os.environ, "PYTHONPATH": str(REPO_ROOT)}
    code = subprocess.run(command, cwd=REPO_ROOT, env=surroundings, check=False).returncode
    if code or not raw.exists() or not raw.stat().st_size:
        raise BenchError(f"the benchmarks did not run to their end (pytest's exit code {code}), see above")
    content: dict[str, Any] = json.loads(raw.read_text(encoding="utf-8"))
    return content


def _result(raw: dict[str, Any]) -> dict[str, Any]:
    stats, calls = raw["stats"], raw["extra_info"]["calls"]
    return {
        "name": raw["param"] if raw.get("param") else raw["name"],
        "median_ms": round(stats["median"] * _MILLI, 4),
        "iqr_ms": round(stats["iqr"] * _MILLI, 4),
        "min_ms": round(stats["min"] * _MILLI, 4),
        "calls_in_a_round": calls,
        "calls_per_second": round(calls / stats["median"], 1),
        "rounds": stats["rounds"],
    }


def _row(result: dict[str, Any]) -> tuple[str, ...]:
    return (
        result["name"], f"{result['median_ms']:.3f}", f"{result['iqr_ms']:.3f}",
        f"{result['calls_per_second']:.0f}", str(result["rounds"]),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(run_tool(main))
