"""Keywords of `make resilience`: trouble for the embedded stack, and the table of what it did."""

from __future__ import annotations

import atexit
from functools import partial
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
from reporting.answers import Answer
from resilience import troubled
from resilience.balancer import send_on


@library(scope="GLOBAL")
class ResilienceKeywords:
    """Makes trouble for a stack that starts again what ends, and tells what callers met (laws 1 to 7)."""

    def __init__(self) -> None:
        self._trouble: Any = None
        self._happened: list[Any] = []
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
    def balancer(self, again_for: float) -> Any:
        """Return a sender for `Send A Mix`: clients behind a balancer, which passes over an instance that takes no
        connection; for so many seconds they send again what has no answer, or a 5xx (4.11).
        """
        return partial(send_on, again_for)

    @keyword
    def make_trouble(self, what: str, after: float = 0) -> None:
        """Make trouble, ``kill database``, after so many seconds, and undo it (laws 5 to 7); see `stack/trouble.py`."""
        self._happened = self._makes_trouble().make(what, after)
        for one in self._happened:
            evidence.history.mark(one.what, one.started, one.ended)

    @keyword
    def failures_should_be_orderly(
        self, answers: list[Answer], codes: str, unwritten: str, seconds: float, rows: list[Any]
    ) -> None:
        """Fail unless what failed in the last trouble is told as 4.13 has it, and soon.

        No answer has who was under way at an instance as it ended, a 503 one of these codes (``one|another``) and
        ``Retry-After``; no other 5xx is there, and nobody waits for longer than so many seconds, unless the instance
        itself is held. ``unwritten`` are the codes after which ``rows``, all of the players', have nothing of the call.
        """
        wrong = troubled.disorder(answers, self._happened, set(codes.split("|")), float(seconds))
        written = {(one.operation_id, one.operation_type) for one in rows}
        wrong += troubled.written_after_all(answers, set(unwritten.split("|")), written)
        if wrong:
            raise AssertionError(f"{len(wrong)} of {len(answers)} answers: {'; '.join(wrong[:3])} (4.13)")

    @keyword
    def failures_should_have_been_under_way(self, answers: list[Answer]) -> None:
        """Fail when a call has failed that was not under way at an instance as it ended (law 5)."""
        lost = troubled.not_under_way(answers, self._happened)
        if lost:
            raise AssertionError(f"{len(lost)} of {len(answers)} calls failed at instances that lived: {lost[0]}")

    @keyword
    def calls_should_have_succeeded_in_the_end(self, answers: list[Answer]) -> None:
        """Fail when a call that was sent again and again has failed each time (4.11)."""
        lost = troubled.never_answered(answers)
        if lost:
            raise AssertionError(f"{len(lost)} calls failed however often they were sent: {lost[0]}")

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
