"""Children that die with their parent, identities of processes, the owner of a test run, log tails."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from .errors import StackError
from .state import ProcessKey

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
TAIL_LINES = 15
# How the variables begin that libpq and asyncpg obey wherever a connection is not told otherwise.
PG = "PG"


class Child(Protocol):
    """A process that was started here, told of like a `subprocess.Popen`."""

    pid: int

    def poll(self) -> int | None:
        """Its exit code, minus the signal that has killed it, None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait so many seconds for its exit code. Raises subprocess.TimeoutExpired."""

    def send_signal(self, sig: int, /) -> None:
        """Send it a signal, if it runs."""

    def kill(self) -> None:
        """Kill it, if it runs."""


def start_time(pid: int) -> int | None:
    """Start of a process in clock ticks since boot, None when it is gone or only waits to be reaped."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def key_of(pid: int) -> ProcessKey:
    """The identity of a live process. Raises StackError when there is none."""
    start = start_time(pid)
    if start is None:
        raise StackError(f"there is no process {pid}")
    return ProcessKey(pid, start)


def is_alive(key: ProcessKey) -> bool:
    """True while exactly this process runs."""
    return start_time(key.pid) == key.start_time


def open_pidfd(key: ProcessKey) -> int | None:
    """A descriptor that becomes readable when the process ends, None when it has ended already."""
    try:
        descriptor = os.pidfd_open(key.pid)
    except OSError:
        return None
    if is_alive(key):
        return descriptor
    os.close(descriptor)
    return None


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def children_of(parent: int) -> list[int]:
    """The processes that this one has started and that still run, and theirs."""
    every = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    parents = {pid: _parent(pid) for pid in every}
    found = [parent]
    for one in found:
        found += [pid for pid, above in parents.items() if above == one]
    return found[1:]


def command_line(pid: int) -> list[str]:
    """The words a process was started with, none when it is gone."""
    try:
        return [os.fsdecode(word) for word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]
    except OSError:
        return []


def is_pabot(words: list[str]) -> bool:
    """True for the command line of pabot: its script, with or without Python before it, or ``-m pabot``."""
    program = Path(words[0]).name if words else ""
    if not program.startswith("python"):
        return program == "pabot"
    for index, word in enumerate(words[1:], start=1):
        if word == "-m":
            return words[index + 1 : index + 2] in (["pabot"], ["pabot.pabot"])
        if word == "-c":
            return False
        if not word.startswith("-"):
            return Path(word).name in ("pabot", "pabot.py")
    return False


def libraries_of(pabot: int) -> list[ProcessKey]:
    """The PabotLib servers that this pabot has started; one that is killed cannot stop them any more."""
    return [key for key, _ in _libraries() if _parent(key.pid) == pabot]


def orphaned_libraries(address: str) -> list[ProcessKey]:
    """The PabotLib servers of an address (``host:port``) whose pabot is gone."""
    found = [key for key, words in _libraries() if ":".join(words[:2]) == address]
    return [key for key in found if not is_pabot(command_line(_parent(key.pid)))]


def _libraries() -> list[tuple[ProcessKey, list[str]]]:
    """All PabotLib servers, each with the words of its command line that come after its name."""
    found = []
    for pid in [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]:
        words = [word for word in command_line(pid) if word]
        start = start_time(pid)
        if "pabot.pabotlib" in words and start is not None:
            found.append((ProcessKey(pid, start), words[words.index("pabot.pabotlib") + 1 :]))
    return found


def owner_of_run(pid: int | None = None) -> ProcessKey:
    """The process whose end is the end of the test run: the nearest pabot ancestor, else ``pid`` itself."""
    own = os.getpid() if pid is None else pid
    ancestor = _parent(own)
    # In a container, pabot may well be process 1.
    while ancestor > 0:
        if is_pabot(command_line(ancestor)):
            return key_of(ancestor)
        ancestor = _parent(ancestor)
    return key_of(own)


def die_with(parent: int, death_signal: signal.Signals) -> None:
    """Let the kernel send this process a signal when ``parent``, who has just forked it, ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(127)


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    log: Path,
    death_signal: signal.Signals = signal.SIGKILL,
    user: pwd.struct_passwd | None = None,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a child that gets ``death_signal`` when the calling *thread* ends; output goes to ``log``.

    Call it from the main thread. Raises StackError when the program cannot be started.
    """
    parent = os.getpid()

    with log.open("ab") as output:
        try:
            return subprocess.Popen(
                command,
                env=dict(env),
                cwd=cwd,
                stdin=stdin,
                stdout=output,
                stderr=output,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                # After the change of user, which would clear it.
                preexec_fn=lambda: die_with(parent, death_signal),  # noqa: PLW1509  the supervisor has one thread
                start_new_session=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise StackError(f"cannot start {command[0]}: {error}") from error


def stop_all(children: Iterable[tuple[Child, signal.Signals]], grace_seconds: float) -> None:
    """Send each child its signal, wait for all until the grace is over, then kill the rest."""
    children = [(child, number) for child, number in children if child.poll() is None]
    for child, number in children:
        child.send_signal(number)
    deadline = time.monotonic() + grace_seconds
    for child, _ in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_until(check: Callable[[], bool], seconds: float, interval: float = 0.015) -> bool:
    """Ask ``check`` again and again until it is true (True) or the time is over (False)."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(interval)
    return True


def log_tail(log: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a log file, an empty string when there is none."""
    with contextlib.suppress(OSError), log.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 400 * max(lines, 50)))
        return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-lines:])
    return ""
