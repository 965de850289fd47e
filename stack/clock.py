"""A stack's clock that is ahead of the machine's: libfaketime in its PostgreSQL and services, whose code knows nothing.

A process gets the clock as it is started and keeps it; only a start can put it forward. No more than that is asked of
libfaketime: no file that is read again and again, also by signal handlers, and no clock that stands still or runs fast.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from .errors import StackError
from .places import Places
from .state import read_json, write_json

_WHEEL, _LIBRARY = "libfaketime", "libfaketime.so.1"
# Where Debian's and Fedora's packages have it.
_SYSTEM = ("usr/lib/*/faketime", "usr/lib64/faketime", "usr/lib/faketime")
# The loader takes a list, and knows no way to write these in a name.
_SEPARATORS = set(" :\t\n")
_FILE = "clock.json"
_SHARED = Path("/dev/shm")  # noqa: S108  where the C library keeps what it calls shared memory
_TRIED_SECONDS = 86400.0


def library(where: Places) -> Path:
    """Path of a libfaketime that works here, and that PostgreSQL's user can read. Raises StackError without one."""
    if set(str(where.home)) & _SEPARATORS:
        raise StackError(
            f"no clock can be put forward in {where.home}, for its space or colon: set SHARD_STACK_HOME elsewhere"
        )
    found = importlib.util.find_spec(_WHEEL)
    folders = [Path(one, "vendor", _WHEEL, "src") for one in (found and found.submodule_search_locations) or ()]
    folders += [path for pattern in _SYSTEM for path in Path("/").glob(pattern)]
    for path in [folder / _LIBRARY for folder in folders]:
        if path.is_file() and _works(copy := _copied(path, where)):
            return copy
    raise StackError(
        "no clock can be put forward here, for there is no libfaketime: pip install -r requirements.txt, "
        "or apt-get install libfaketime"
    )


@cache
def _works(path: Path) -> bool:
    """Say whether it is one for this machine: the loader passes over any other, and says so only to people."""
    asked = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", "import time; print(time.time())"],
        env=_environment(path, _TRIED_SECONDS), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    told, _ = asked.communicate()
    forget(asked.pid)
    return asked.returncode == 0 and float(told) > time.time() + _TRIED_SECONDS / 2


def _copied(path: Path, where: Places) -> Path:
    """Copy it to where PostgreSQL's user can read it, and whose name the loader can."""
    found = path.stat()
    copy = where.home / "programs" / f"{_WHEEL}-{found.st_size}-{found.st_mtime_ns}.so"
    if not copy.exists():
        made = copy.with_suffix(f".{os.getpid()}")
        shutil.copyfile(path, made)
        made.chmod(0o644)
        made.replace(copy)
    return copy


def _environment(path: Path, ahead: float) -> dict[str, str]:
    return {
        "LD_PRELOAD": str(path),
        "FAKETIME": f"+{ahead:.6f}",
        # Told once: it would read its variables again every ten seconds, also while another thread asks for the time.
        "FAKETIME_CACHE_DURATION": "1000000000",
        # By an old name and a new one: deadlines are none of its business, nor are dates of files.
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }


def environment(run_dir: Path) -> dict[str, str]:
    """What the next process of a stack is started with on top of its own settings; nothing for the machine's clock."""
    file = run_dir / _FILE
    return dict(read_json(file)["environment"]) if file.exists() else {}


def put_before_midnight(run_dir: Path, where: Places, seconds: float) -> float:
    """Let processes that start from now on have a clock by which it is midnight (UTC) in so many seconds.

    Never back: what is dated already stays in the past. Returns when that is, by this machine's clock.
    Raises StackError.
    """
    path, file, now = library(where), run_dir / _FILE, time.time()
    ahead = float(read_json(file)["ahead"]) if file.exists() else 0.0
    begun = datetime.fromtimestamp(now + ahead + seconds, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = (begun + timedelta(days=1)).timestamp() - now - seconds
    midnight_at = now + seconds
    write_json(file, {"ahead": ahead, "midnight": midnight_at, "environment": _environment(path, ahead)})
    return midnight_at


def midnight(run_dir: Path) -> float:
    """When it is or was midnight by a stack's clock that was put forward, by this machine's."""
    return float(read_json(run_dir / _FILE)["midnight"])


def forget(pid: int) -> None:
    """Remove the few bytes of shared memory that libfaketime leaves behind for each process."""
    for path in _SHARED.glob(f"*faketime_*_{pid}"):
        path.unlink(missing_ok=True)
