"""Keywords of `make resilience`: trouble for the embedded stack, and the table of what it did."""

from __future__ import annotations

import atexit
import time
from pathlib import Path
from typing import Any

from robot.api import logger
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

from history import report
from history.judge import Judgement
from libraries.calls import evidence
from libraries.target.embedded import instance_of
from libraries.target.preparing import need, target
from libraries.target.settings import Instance


@library(scope="GLOBAL")
class ResilienceKeywords:
    """Makes trouble for a stack that starts again what ends, and tells what callers met (laws 1 to 7)."""

    def __init__(self) -> None:
        self._trouble: Any = None
        self._outcomes: list[report.Outcome] = []

    def _makes_trouble(self) -> Any:
        need("a stack that mends")
        if self._trouble is None:
            from stack.trouble import Trouble

            self._trouble = Trouble(target().stack)
            atexit.register(self._trouble.close)
        return self._trouble

    @keyword
    def troubled_instance(self) -> Instance:
        """Return an instance whose connections `Make Trouble` can slow down, cut or silence (law 7)."""
        return instance_of(target().shape, self._makes_trouble().troubled)

    @keyword
    def make_trouble(self, what: str, after: float = 0) -> None:
        """Make trouble, ``kill database``, after so many seconds, and undo it (laws 5 to 7); see `stack/trouble.py`."""
        trouble, started = self._makes_trouble(), time.monotonic() + after
        trouble.make(what, after)
        evidence.history.mark(what, started)

    @keyword
    def wait_until_all_is_well(self) -> None:
        """Wait until every part of the stack is healthy again (6.1)."""
        self._makes_trouble().settle()

    @keyword
    def keep_outcome(self, what: str, seed: int, found: list[Judgement]) -> None:
        """Add what a trouble did to the table in the log and to `resilience.json` beside it (laws 1 to 7)."""
        about = evidence.history.about({one.user for one in found})
        self._outcomes.append(report.outcome(what, seed, about, found))
        report.write(self._outcomes, Path(str(BuiltIn().get_variable_value("${OUTPUT DIR}"))))
        logger.info(report.as_table(self._outcomes), html=True)
