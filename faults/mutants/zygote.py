"""Runs a service so that a mutant of it takes a tenth of a second to start, not a whole one.

The process imports what the service imports but none of the service's own modules, and forks a child for each mutant:
the child alone sees the changed module. So every mutant starts with a fresh process, whatever it keeps in memory, and
also what runs at import or at the start can be changed.

The folder that ``SHARD_MUTANTS_DIR`` names holds ``active.json``, which says what is changed now, ``marks``, where
modules that are changed to do so mark what is reached (see `reach`), and ``PID.sock``,
where a line on a connection, ``stop`` or ``start``, ends the child, or starts it anew; the answer is its process id or
0. A service that is started after ``ready`` stands there (suites start their own for some tests) is no stem for others:
it just runs with what is active.
"""

import builtins
import contextlib
import importlib.abc
import importlib.util
import json
import mmap
import os
import runpy
import signal
import socket
import sys
from collections.abc import Mapping
from importlib.machinery import ModuleSpec
from pathlib import Path

from stack.processes import die_with

FOLDER = "SHARD_MUTANTS_DIR"
ACTIVE = "active.json"
READY = "ready"
MARKS = "marks"
# What a module knows the marks by.
MARK = "__reached__"
# The name under which the stack knows this way to start a service.
FAULT = "mutants"


class _Changed(importlib.abc.SourceLoader):
    """Loads one module from another text than its file's."""

    def __init__(self, path: str, source: str) -> None:
        self._path = path
        self._source = source

    def get_filename(self, fullname: str) -> str:  # noqa: ARG002
        return self._path

    def get_data(self, path: str | bytes) -> bytes:  # noqa: ARG002
        return self._source.encode()


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, modules: Mapping[str, tuple[str, str]]) -> None:
        self._modules = modules

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        if fullname not in self._modules:
            return None
        return importlib.util.spec_from_loader(fullname, _Changed(*self._modules[fullname]))


def serve(service: str) -> None:
    """Run ``services.SERVICE`` with what is active: as a stem that forks, or, later in the stack's life, directly."""
    folder = Path(os.environ[FOLDER])
    if (folder / READY).exists():
        _run(service, folder)
        return
    _import_what_others_made(service)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / f"{os.getpid()}.sock"))
        listener.listen(4)
        child = _fork(service, folder, listener)
        while True:
            connection, _ = listener.accept()
            with connection:
                wish = connection.recv(64).decode().strip()
                _end(child)
                child = _fork(service, folder, listener) if wish == "start" else 0
                connection.sendall(f"{child}\n".encode())


def _import_what_others_made(service: str) -> None:
    """Import all that the service imports but the project's own. A child finds out what that is."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        with os.fdopen(writer, "w", encoding="utf-8") as pipe:
            importlib.import_module(f"services.{service}.__main__")
            pipe.write(json.dumps([name for name in sys.modules if name.partition(".")[0] != "services"]))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        names = json.loads(pipe.read() or "[]")
    os.waitpid(child, 0)
    for name in names:
        if name not in sys.modules:
            try:
                importlib.import_module(name)
            except ImportError:  # A name that only stands in sys.modules: it comes with its package.
                continue


def _fork(service: str, folder: Path, listener: socket.socket) -> int:
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    die_with(parent, signal.SIGKILL)
    listener.close()
    code = 1
    try:
        _run(service, folder)
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001  The log is to say what a real start would have said.
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end(child: int) -> None:
    if not child:
        return
    try:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        return


def _run(service: str, folder: Path) -> None:
    try:
        active = json.loads((folder / ACTIVE).read_text("utf-8"))
    except FileNotFoundError:
        active = None
    if active:
        sys.meta_path.insert(0, _Finder(active))
        with contextlib.suppress(FileNotFoundError), (folder / MARKS).open("r+b") as file:
            setattr(builtins, MARK, mmap.mmap(file.fileno(), 0))
    sys.argv = [f"services.{service}"]
    runpy.run_module(f"services.{service}", run_name="__main__", alter_sys=True)
