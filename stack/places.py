"""Folders and locks of the stacks of this user, and the removal of what killed stacks left behind.

``runs/NAME.lock`` is held by whoever starts stack NAME and then by its supervisor for life, so a
lock that can be taken means that nothing of that stack is in use. A run folder is closed to others
(0700); PostgreSQL, which runs as another user under root, has its data elsewhere: in memory where
there is plenty, because making and removing a thousand small files over and over is slow on ext4.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import StackError

REPO_ROOT = Path(__file__).resolve().parent.parent
ROOM_NEEDED_MB = 200
_ERROR_KEPT_SECONDS = 60.0
_MEMORY = Path("/dev/shm")  # noqa: S108  what is put there is checked or made by us
_MEMORY_NEEDED_MB = 2048


def results_folder() -> Path:
    """Return where results go: to OUT, which make exports, or else into this checkout's ``results``."""
    return Path(os.environ.get("OUT") or REPO_ROOT / "results")


def postgres_user() -> pwd.struct_passwd | None:
    """The unprivileged user PostgreSQL runs as, None when we are not root and it runs as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("nobody", "postgres", "daemon"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise StackError("PostgreSQL does not run as root and there is no user nobody, postgres or daemon")


def is_plain(path: Path) -> bool:
    """True when initdb can be started from there: it hands paths to a shell between double quotes, as they are."""
    return not set(str(path)) & set('"$`\\\n')


def checkout_key() -> str:
    """Tells checkouts apart: a short hash of the root folder of this one."""
    return _short_hash(REPO_ROOT)


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def hand_name() -> str:
    """Name of the stack that ``stack up`` starts in this checkout."""
    return f"hand-{checkout_key()}"


@dataclass(frozen=True)
class Places:
    """Where the stacks of this user keep what; ``home`` is made by :func:`places`."""

    home: Path

    def run_dir(self, name: str) -> Path:
        return self.home / "runs" / name

    def data_dir(self, name: str) -> Path:
        """Where to put new data: in memory if there is plenty, else on the disk of the home."""
        in_memory, on_disk = self._data_dirs(name)
        try:
            plenty = shutil.disk_usage(_MEMORY).free >= _MEMORY_NEEDED_MB * 2**20
        except OSError:
            plenty = False
        return in_memory if plenty and os.access(_MEMORY, os.W_OK) else on_disk

    def _data_dirs(self, name: str) -> tuple[Path, Path]:
        return _MEMORY / f"{self._memory_prefix()}{name}", self.home / "data" / name

    def _memory_prefix(self) -> str:
        return f"shard-legends-{os.geteuid()}-{_short_hash(self.home)}-"

    def names(self) -> set[str]:
        """Names of all stacks that are up or left something."""
        prefix = self._memory_prefix()
        runs = {path.stem if path.suffix == ".lock" else path.name for path in (self.home / "runs").iterdir()}
        memory = {path.name.removeprefix(prefix) for path in _MEMORY.glob(f"{prefix}*")}
        return runs | memory | {path.name for path in (self.home / "data").iterdir()}

    def lock_file(self, name: str) -> Path:
        return self.home / "runs" / f"{name}.lock"

    def state_file(self, name: str) -> Path:
        return self.run_dir(name) / "state.json"

    def error_file(self, name: str) -> Path:
        return self.home / "runs" / f"{name}.error"

    def remove(self, name: str) -> None:
        """Remove the folders of a stack that is not running; the caller holds its lock."""
        self.forget_data(name)
        shutil.rmtree(self.run_dir(name), ignore_errors=True)

    def forget_data(self, name: str) -> None:
        """Remove the data directory of a PostgreSQL that has ended."""
        for data in self._data_dirs(name):
            _free_shared_memory(data)
            shutil.rmtree(data, ignore_errors=True)

    def release(self, name: str) -> None:
        """Remove folders and lock file, as the last act of the lock's holder."""
        self.remove(name)
        self.lock_file(name).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what stacks left whose supervisor was killed."""
        for name in self.names():
            if name.endswith(".error"):
                self._forget_old_error(self.home / "runs" / name)
                continue
            lock = try_lock(self.lock_file(name))
            if lock is not None:
                self.release(name)
                os.close(lock)

    @staticmethod
    def _forget_old_error(path: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _ERROR_KEPT_SECONDS:
                path.unlink()


def places() -> Places:
    """The places of this user, made if need be. Raises StackError when they are not safe or not usable."""
    chosen = os.environ.get("SHARD_STACK_HOME")
    roomy = Path("/var/tmp")  # noqa: S108  _check_ours refuses what is not ours
    base = roomy if os.access(roomy, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
    home = Path(chosen).absolute() if chosen else base / f"shard-legends-stack-{os.geteuid()}"
    if not is_plain(home):
        raise StackError(
            f"initdb cannot work in {home}, for its quote, dollar or backslash: set SHARD_STACK_HOME elsewhere"
        )
    open_to_postgres = 0o711 if os.geteuid() == 0 else 0o700
    try:
        for folder in (home, home / "data", home / "templates", home / "programs", home / "runs"):
            folder.mkdir(parents=True, exist_ok=True)
            _check_ours(folder)
            folder.chmod(0o700 if folder.name == "runs" else open_to_postgres)
    except OSError as error:
        raise failure_of(error, home) from error
    _check_reachable(home)
    return Places(home)


def failure_of(error: OSError, home: Path) -> StackError:
    """An operating system error as the one line that the user sees."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StackError(f"no room left in {home}: free some or set SHARD_STACK_HOME to another disk")
    return StackError(f"cannot use {error.filename or home}: {error.strerror or error}")


def check_room(home: Path) -> None:
    """Raises StackError when the disk is too full to start."""
    free = shutil.disk_usage(home).free // 2**20
    if free < ROOM_NEEDED_MB:
        raise StackError(
            f"no room for the stack: {free} MB free in {home}, {ROOM_NEEDED_MB} MB needed: "
            "free some or set SHARD_STACK_HOME to another disk"
        )


def try_lock(path: Path) -> int | None:
    """The descriptor of the lock, or None when somebody holds it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The holder before us may have removed the file while we waited to open it.
            if path.stat().st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None
        except FileNotFoundError:
            pass
        os.close(descriptor)


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock ``path`` alone, waiting for it; the file stays."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _check_ours(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise StackError(f"{folder} is not a folder of this user: remove it or set SHARD_STACK_HOME")


def _check_reachable(home: Path) -> None:
    user = postgres_user()
    if user is None:
        return
    for folder in home.parents:
        found = folder.stat()
        if not found.st_mode & stat.S_IXOTH and found.st_uid != user.pw_uid:
            raise StackError(f"user {user.pw_name} cannot enter {folder}: set SHARD_STACK_HOME elsewhere")


def _free_shared_memory(data_dir: Path) -> None:
    """Give back the few bytes of System V memory that a killed PostgreSQL leaves behind."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        key, identifier = (data_dir / "postmaster.pid").read_text().splitlines()[6].split()
        for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]:
            words = line.split()
            if words[:2] == [key, identifier] and words[6] == "0":
                ctypes.CDLL(None).shmctl(int(identifier), 0, None)
