"""A line on the console of a run, also of Pabot's, which keeps what its processes print to itself.

Pabot shows what the process of its PabotLib prints. So this file lets that process import it, as a shared library,
and says its line on the way in; there is nothing to share, so the import is then refused.
"""

from __future__ import annotations

import sys
import xmlrpc.client
from pathlib import Path

from robot.api import logger
from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError


class console:  # noqa: N801  Pabot imports it by the file's name
    """Prints a line when it is imported with one."""

    def __init__(self, line: str) -> None:
        print(line, file=sys.__stdout__, flush=True)
        raise ImportError("the line was printed")


def under_pabot() -> bool:
    """Say whether this process is one of Pabot's."""
    return _queue() is not None


def _queue() -> str | None:
    try:
        found = BuiltIn().get_variable_value("${PABOTQUEUEINDEX}")
    except RobotNotRunningError:
        return None
    return None if found is None else str(found)


def announce(line: str, everywhere: bool = False) -> None:
    """Show a line on the console; under Pabot its first process does so for all, unless each has its own to say."""
    queue = _queue()
    if queue is None:
        logger.console(line)
    elif everywhere or queue == "0":
        _tell_pabot(line)


def _tell_pabot(line: str) -> None:
    address = BuiltIn().get_variable_value("${PABOTLIBURI}")
    arguments = [str(Path(__file__).resolve())], {"args": [line]}
    try:
        xmlrpc.client.ServerProxy(f"http://{address}").run_keyword("import_shared_library", *arguments)
    except (OSError, xmlrpc.client.Error):
        # Without PabotLib there is nobody to tell; the log has the line anyway.
        return
