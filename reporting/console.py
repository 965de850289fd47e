"""A line on the console of a run, also of Pabot's, which keeps what its processes print to itself.

Pabot shows what the process of its PabotLib prints. So this file lets that process import it, as a shared library,
and says its line on the way in, or keeps what its processes tell until the run is over; there is nothing to share, so
the import is then refused.
"""

from __future__ import annotations

import atexit
import sys
import xmlrpc.client
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import ClassVar

from robot.api import logger
from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError


class console:  # noqa: N801  Pabot imports it by the file's name
    """Prints a line, or adds rows to those of which a function makes the line of the end."""

    _rows: ClassVar[dict[str, list[Sequence[str]]]] = {}

    def __init__(self, line: str, rows: Iterable[Sequence[str]] | None = None) -> None:
        if rows is None:
            print(line, file=sys.__stdout__, flush=True)
        else:
            if line not in self._rows:
                atexit.register(self._print_of_rows, line)
            self._rows.setdefault(line, []).extend(rows)
        raise ImportError("the line was printed")

    def _print_of_rows(self, function: str) -> None:
        sys.path.insert(0, str(Path(__file__).parents[1]))
        module, _, name = function.rpartition(".")
        print(getattr(import_module(module), name)(self._rows[function]), file=sys.__stdout__, flush=True)


def under_pabot() -> bool:
    """Say whether this process is one of Pabot's."""
    return _queue() is not None


def pabot_address() -> str | None:
    """Return the address of the PabotLib of the Pabot that started this process, None under ``robot``."""
    return _variable("PABOTLIBURI") if _variable("CALLER_ID") not in (None, "", "None") else None


def _queue() -> str | None:
    return _variable("PABOTQUEUEINDEX")


def _variable(name: str) -> str | None:
    try:
        found = BuiltIn().get_variable_value(f"${{{name}}}")
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


def announce_at_the_end(function: str, rows: Iterable[Sequence[str]]) -> None:
    """Under Pabot, show at the end of the whole run the line that a function (by its path) makes of all its rows."""
    _tell_pabot(function, [list(row) for row in rows])


def _tell_pabot(*arguments_of_console: object) -> None:
    address = _variable("PABOTLIBURI")
    arguments = [str(Path(__file__).resolve())], {"args": list(arguments_of_console)}
    try:
        xmlrpc.client.ServerProxy(f"http://{address}").run_keyword("import_shared_library", *arguments)
    except (OSError, xmlrpc.client.Error):
        # Without PabotLib there is nobody to tell; the log has the line anyway.
        return
