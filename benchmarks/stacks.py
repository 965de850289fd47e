"""Stacks of a measurement's own, from any checkout: they end with the measuring process, also when that is killed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.errors import BenchError
from stack.errors import StackError
from stack.places import REPO_ROOT
from stack.processes import is_alive, key_of, wait_until
from stack.state import ProcessKey, State, load_state

_PREFIX = "shard-legends-bench-"
# Runs in the checkout that is measured, so that the stack is that checkout's own.
_STARTER = """
import json, sys
from stack.client import attach_or_start
from stack.state import ProcessKey
wish = json.loads(sys.argv[1])
owner = ProcessKey(*wish["owner"])
state = attach_or_start(instances=wish["instances"], run_key=owner, fault=wish["fault"], env=wish["env"])
print(state.run_dir)
"""


@contextlib.contextmanager
def workshop() -> Iterator[Path]:
    """A folder for checkouts and stacks, removed afterwards, and those that killed runs left before.

    Other users may enter it: PostgreSQL runs as one of them under root.
    """
    key = key_of(os.getpid())
    base = Path("/var/tmp") if os.access("/var/tmp", os.W_OK) else Path(tempfile.gettempdir())  # noqa: S108
    for old in base.glob(f"{_PREFIX}{os.geteuid()}-*"):
        words = old.name.split("-")
        if old.stat().st_uid == os.geteuid() and not is_alive(ProcessKey(int(words[-2]), int(words[-1]))):
            shutil.rmtree(old, ignore_errors=True)
    folder = base / f"{_PREFIX}{os.geteuid()}-{key.pid}-{key.start_time}"
    folder.mkdir(mode=0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(
    home: Path, tree: Path = REPO_ROOT, side: str = "a", fault: str | None = None, env: Mapping[str, str] | None = None,
    python: str = sys.executable, instances: int = 1,
) -> State:  # fmt: skip
    """Start a stack of a checkout under a home and return its state. Raises BenchError.

    ``side`` keeps two stacks of the same checkout apart; ``python`` is the interpreter that has its packages.
    """
    owner = key_of(os.getpid())
    wish = {
        "owner": list(owner), "fault": fault, "env": {"SHARD_BENCH_SIDE": side, **(env or {})}, "instances": instances,
    }  # fmt: skip
    surroundings = {name: value for name, value in os.environ.items() if name != "SHARD_STACK_STATE"}
    surroundings |= {"SHARD_STACK_HOME": str(home), "PYTHONPATH": str(tree)}
    command = [python, "-c", _STARTER, json.dumps(wish)]
    done = subprocess.run(command, cwd=tree, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        raise BenchError(f"the stack of {tree} did not start: {last}")
    try:
        return load_state(Path(done.stdout.strip()) / "state.json")
    except StackError as error:
        raise BenchError(str(error)) from error


def stop(state: State) -> None:
    """Stop a stack and wait until it is gone."""
    key = ProcessKey(state.supervisor_pid, state.supervisor_start)
    if is_alive(key):
        os.kill(key.pid, signal.SIGTERM)
    if not wait_until(lambda: not is_alive(key), 15.0):
        os.kill(key.pid, signal.SIGKILL)


@contextlib.contextmanager
def running(
    home: Path, tree: Path = REPO_ROOT, side: str = "a", fault: str | None = None, env: Mapping[str, str] | None = None,
    python: str = sys.executable, instances: int = 1,
) -> Iterator[State]:  # fmt: skip
    """As :func:`start`; the stack is stopped at the end of the block."""
    state = start(home, tree, side, fault, env, python, instances)
    try:
        yield state
    finally:
        stop(state)


def python_for(tree: Path, folder: Path) -> str:
    """Return an interpreter with the packages that a checkout pins: ours, or one that is made in the folder.

    Raises BenchError when they cannot be installed.
    """
    pinned = tree / "requirements.txt"
    if pinned.read_bytes() == (REPO_ROOT / "requirements.txt").read_bytes():
        return sys.executable
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"]
    for command in ([sys.executable, "-m", "venv", str(folder)], [*install, str(pinned)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no output"])[-1]
            raise BenchError(f"the packages of {tree} cannot be installed: {last}")
    return str(python)


def git(*arguments: str, tree: Path = REPO_ROOT) -> str:
    """Return what git prints. Raises BenchError with git's own words when it fails."""
    done = subprocess.run(["git", *arguments], cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"git {' '.join(arguments)}: {(done.stderr.strip().splitlines() or ['it failed'])[-1]}")
    return done.stdout.strip()


@contextlib.contextmanager
def checkout(commit: str, folder: Path) -> Iterator[Path]:
    """Check a commit out beside this one, and forget it afterwards. Raises BenchError when there is no such commit."""
    git("worktree", "prune")
    git("worktree", "add", "--detach", "--quiet", str(folder), git("rev-parse", "--verify", f"{commit}^{{commit}}"))
    try:
        yield folder
    finally:
        with contextlib.suppress(BenchError):
            git("worktree", "remove", "--force", str(folder))
