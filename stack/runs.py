"""A test process must not outlive the Pabot that started it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading

from .errors import StackError
from .processes import open_pidfd, orphaned_libraries, owner_of_run


def end_with_pabot(library: str) -> None:
    """See to it that this process stops, as by SIGTERM, when the Pabot that started it ends or is killed.

    ``library`` is the address of its PabotLib. Raises StackError when that has happened already: a stack of its own
    would serve nobody.
    """
    pabot = owner_of_run()
    descriptor = None if pabot.pid == os.getpid() else open_pidfd(pabot)
    if descriptor is None:
        _end_library(library)
        raise StackError("the Pabot that started this process has ended: nobody waits for its result")
    threading.Thread(target=_watch, args=(descriptor, library), name="end-with-pabot", daemon=True).start()


def _watch(descriptor: int, library: str) -> None:
    # Readable as soon as the process has ended.
    select.select([descriptor], [], [])
    _end_library(library)
    os.kill(os.getpid(), signal.SIGTERM)


def _end_library(address: str) -> None:
    """End the PabotLib server of this run, which a killed Pabot could not."""
    for server in orphaned_libraries(address):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(server.pid, signal.SIGTERM)
