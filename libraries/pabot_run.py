"""What a process of Pabot has to know of its run: how many there are, and that it must not outlive Pabot."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
from collections.abc import Mapping

from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

from libraries.target import TargetError
from stack.processes import open_pidfd, orphaned_libraries, owner_of_run


def _variables() -> Mapping[str, object]:
    try:
        found: Mapping[str, object] = BuiltIn().get_variables(no_decoration=True)
    except RobotNotRunningError:
        return {}
    return found


def _are_of_pabot(variables: Mapping[str, object]) -> bool:
    return variables.get("CALLER_ID") not in (None, "", "None")


def processes_at_once() -> int:
    """Return how many test processes run at the same time: Pabot's number, or 1 under ``robot``."""
    variables = _variables()
    return int(str(variables.get("PABOTNUMBEROFPROCESSES") or 1)) if _are_of_pabot(variables) else 1


def end_with_pabot() -> None:
    """See to it that this process stops, as by SIGTERM, when the Pabot that started it ends or is killed.

    Raises TargetError when that has happened already: a stack of its own would serve nobody.
    """
    variables = _variables()
    if not _are_of_pabot(variables):
        return
    library = str(variables.get("PABOTLIBURI") or "").rpartition("/")[2]
    pabot = owner_of_run()
    descriptor = None if pabot.pid == os.getpid() else open_pidfd(pabot)
    if descriptor is None:
        _end_library(library)
        raise TargetError("the Pabot that started this process has ended: nobody waits for its result")
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
