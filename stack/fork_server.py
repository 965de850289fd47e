"""Starts services by forking a process that has imported what others made for them: it takes a fifth of the time.

There is one for each process that starts services of its own. It ends with the thread that made it, and what it has
forked ends with it. The project's own modules are imported by the fork alone, so what changes them (a fault, a
dialect, a mutant) changes them as ever.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import components
from .places import REPO_ROOT
from .processes import Child, die_with, spawn

# What services import and takes long. One that is missing here, or is there no more, is imported by the fork.
_IMPORTS = (
    "asyncpg", "cryptography.hazmat.primitives.asymmetric.rsa", "hiredis", "httptools", "jwt", "msgspec",
    "prometheus_client", "pydantic_settings", "redis.asyncio", "starlette.applications", "urllib.request",
    "uvicorn.protocols.http.httptools_impl", "uvicorn.server", "uvloop",
)  # fmt: skip
_LONGEST_WISH = 1 << 18
_CODE = struct.Struct("i")
_server: tuple[int, socket.socket] | None = None


class _Forked:
    """A child of the fork server, told of like a `subprocess.Popen`."""

    def __init__(self, pid: int, told: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._told = open(told, "rb", buffering=0)  # noqa: SIM115  open for as long as it runs

    def poll(self) -> int | None:
        return self._ask(0)

    def wait(self, timeout: float | None = None) -> int:
        code = self._ask(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ask(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], timeout)[0]:
            told = self._told.read()
            # A fork server that can tell nothing any more has taken its children with it.
            self.returncode = _CODE.unpack(told)[0] if told else -signal.SIGKILL
            self._told.close()
        return self.returncode


def start(command: Sequence[str], *, env: Mapping[str, str], log: Path) -> Child:
    """Start ``python -m MODULE …`` in the root of the checkout; it ends with the calling thread, the main one.

    Its output goes to ``log``. Raises StackError when it cannot be started.
    """
    # What the loader is to load first needs a start of its own.
    if "LD_PRELOAD" not in env:
        # One that is gone costs time, and no more.
        with contextlib.suppress(OSError):
            return _fork({"argv": list(command[2:]), "env": dict(env)}, log)
    return spawn(command, env=env, cwd=REPO_ROOT, log=log)


def _fork(wish: Mapping[str, object], log: Path) -> _Forked:
    line = _line()
    told, tells = os.pipe()
    try:
        with log.open("ab") as output:
            socket.send_fds(line, [json.dumps(wish).encode()], [output.fileno(), tells])
        return _Forked(int(line.recv(32)), told)
    except (OSError, ValueError) as error:
        os.close(told)
        raise OSError(f"the fork server is gone: {error}") from error
    finally:
        os.close(tells)


def _line() -> socket.socket:
    """The way to this process's fork server, which is made when it is first asked for."""
    global _server
    # A fork of this process must not use it.
    if _server is None or _server[0] != os.getpid():
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", __name__]
            spawn(command, env=components.base_env(), cwd=REPO_ROOT, log=Path(os.devnull), stdin=theirs.fileno())
        _server = (os.getpid(), ours)
    return _server[1]


def _serve() -> tuple[dict[str, Any], int] | None:
    """Fork for each wish, and tell how each fork has ended. Returns in a fork: its wish, and where its output goes."""
    for name in _IMPORTS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    own = os.getpid()
    running: dict[int, tuple[int, int]] = {}
    line = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    while True:
        ready, _, _ = select.select([line.fileno(), *running], [], [])
        for ended in running.keys() & set(ready):
            pid, tells = running.pop(ended)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            with contextlib.suppress(BrokenPipeError):
                os.write(tells, _CODE.pack(code))
            os.close(tells)
            os.close(ended)
        if line.fileno() not in ready:
            continue
        wish, descriptors, _, _ = socket.recv_fds(line, _LONGEST_WISH, 2)
        if not wish:
            return None
        output, tells = descriptors
        pid = os.fork()
        if not pid:
            die_with(own, signal.SIGKILL)
            return json.loads(wish), output
        running[os.pidfd_open(pid)] = (pid, tells)
        os.close(output)
        line.send(str(pid).encode())


def _become(wish: dict[str, Any], output: int) -> None:
    """Be what was wished for: as if it had been started by its command."""
    os.setsid()
    with Path(os.devnull).open("rb") as nothing:
        for descriptor, source in enumerate((nothing.fileno(), output, output)):
            os.dup2(source, descriptor)
    os.closerange(3, max(int(entry.name) for entry in Path("/proc/self/fd").iterdir()) + 1)
    os.environ.clear()
    os.environ.update(wish["env"])
    # What was imported may have looked at the clock, and so for the time zone, already.
    time.tzset()
    sys.path[:0] = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    sys.argv = wish["argv"]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _born = _serve()
    if _born:
        _become(*_born)
