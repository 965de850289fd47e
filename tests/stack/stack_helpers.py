"""What several tests of the stack need."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from stack import client
from stack.places import REPO_ROOT, Places, places
from stack.processes import start_time, wait_until
from stack.state import Inventory, State

GONE_SECONDS = 5.0


def run_cli(*arguments: str, cwd: Path = REPO_ROOT, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run ``python -m stack`` as a user would."""
    command = [sys.executable, "-m", "stack", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout, check=False)


def pids_of(state: State) -> list[int]:
    """All processes of a stack."""
    servers = [state.auth.pid, state.postgres.pid, state.redis.pid]
    return [state.supervisor_pid, *servers, *(one.pid for one in state.inventory)]


def is_gone(pids: list[int]) -> bool:
    """True when none of the processes is left, waiting a few seconds for that."""
    return wait_until(lambda: all(start_time(pid) is None for pid in pids), GONE_SECONDS)


def leftovers(where: Places | None = None) -> list[str]:
    """What stacks left in their folders."""
    return sorted((where or places()).names())


@contextlib.contextmanager
def extra_inventory(state: State, settings: Mapping[str, str]) -> Iterator[Inventory]:
    """An extra instance that is stopped at the end of the block."""
    extra = client.spawn_extra_inventory(state, settings)
    try:
        yield extra.info
    finally:
        client.stop_extra(extra)
