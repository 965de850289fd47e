"""``python -m load.prove_leak``: the detector finds a service that leaks on purpose, and lets one pass that does not.

Runs the smoke profile twice, against a stack of its own each time: as it is, and with the fault ``leak``. The results
lie in ``results/leak/clean`` and ``results/leak/leak``. Takes about a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from load.k6 import ToolError, running
from stack import client
from stack.errors import StackError
from stack.processes import log_tail
from stack.state import State

_ROOT = Path(__file__).resolve().parent.parent
_FAULT = "leak"
_BROKEN_IF_LEAKING = "memory slope of inventory-1"


def _stack(fault: str | None) -> State:
    state = client.attach_or_start(fault=fault)
    if state.fault != fault:
        raise StackError(f"a stack with fault {state.fault} is up: run `python -m stack down` first")
    return state


def _measure(state: State, folder: Path, profile: str) -> dict[str, Any]:
    """Run a profile against a stack; return its load.json. Raises ToolError when there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    result = folder / "load.json"
    result.unlink(missing_ok=True)
    command = [
        sys.executable, "-m", "robot", "--outputdir", str(folder), "--variable", f"PROFILE:{profile}", "--variable",
        "TOOL:k6", str(_ROOT / "load"),
    ]  # fmt: skip
    environment = os.environ | {"SHARD_STACK_STATE": str(Path(state.run_dir) / "state.json")}
    log = folder / "robot.log"
    log.unlink(missing_ok=True)
    with running(command, environment, log) as process:
        process.wait()
    if not result.exists():
        raise ToolError(f"the load run gave no verdict; the end of {log}:\n{log_tail(log)}")
    content: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return content


def _broken(result: dict[str, Any]) -> list[str]:
    return [threshold["name"] for threshold in result["thresholds"] if not threshold["held"]]


def _line(name: str, result: dict[str, Any]) -> str:
    slope = result["memory_slope"]["inventory-1"]
    figures = ", ".join(
        f"{part} {'?' if slope[key] is None else format(slope[key], '+.2f')}"
        for part, key in (("slope", "mib_per_10000_requests"), ("from", "low"), ("to", "high"))
    )
    verdict = "LEAK" if slope["leak"] else "no leak"
    return (
        f"{name:6} inventory-1: {figures} MiB per 10,000 requests over {slope['requests_judged']} requests: {verdict}"
    )


def prove(folder: Path, profile: str) -> bool:
    """Run both; say what was found; return whether the detector told them apart."""
    clean = _measure(_stack(None), folder / "clean", profile)
    print(_line("clean", clean), flush=True)
    leaking = _measure(_stack(_FAULT), folder / _FAULT, profile)
    print(_line(_FAULT, leaking), flush=True)
    if _broken(clean):
        print(f"error: without the fault, broken are: {', '.join(_broken(clean))}", file=sys.stderr)
    if _BROKEN_IF_LEAKING not in _broken(leaking):
        print("error: the leak was not found", file=sys.stderr)
    return not _broken(clean) and _BROKEN_IF_LEAKING in _broken(leaking)


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when the detector told the leaking service from the other."""
    parser = argparse.ArgumentParser(prog="python -m load.prove_leak", description="Does the leak detector detect?")
    parser.add_argument("--results", type=Path, default=_ROOT / "results" / "leak", help="where the results go")
    parser.add_argument("--profile", default="smoke", choices=("smoke", "seed"))
    options = parser.parse_args(arguments)
    try:
        return 0 if prove(options.results.resolve(), options.profile) else 1
    except (StackError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: nothing was left running", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
