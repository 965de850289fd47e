"""Keywords of `make resilience`: trouble for the embedded stack, or for a target by its own commands, and the table of
what it did.
"""

from __future__ import annotations

import atexit
import contextlib
from functools import partial
from pathlib import Path
from typing import Any, Literal

from robot.api import SkipExecution, logger
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

from history import report
from history.judge import Judgement
from libraries.calls import evidence
from libraries.ledger.rows import read_ledger
from libraries.target.embedded import instance_of
from libraries.target.preparing import target
from libraries.target.settings import Instance
from libraries.tokens.token import Player
from reporting.answers import Answer, Call
from resilience import troubled
from resilience.balancer import send_on
from resilience.outside import OutsideTrouble
from resilience.watch import Watch


@library(scope="GLOBAL")
class ResilienceKeywords:
    """Makes trouble for a stack that starts again what ends, and tells what callers met (laws 1 to 7).

    Another target is stopped and started by its own commands; what needs more than that is skipped there.
    """

    def __init__(self) -> None:
        self._trouble: Any = None
        self._happened: list[Any] = []
        self._watched: list[Answer] = []
        self._outcomes: list[report.Outcome] = []

    def _makes_trouble(self) -> Any:
        if self._trouble is None and target().stack and target().stack.mends:
            from stack.trouble import Trouble

            self._trouble = Trouble(target().stack)
            atexit.register(self._trouble.close)
        elif self._trouble is None:
            self._trouble = OutsideTrouble()
        return self._trouble

    @keyword
    def troubled_instance(self) -> Instance:
        """Return an instance whose connections `Make Trouble` can slow down, cut or silence (law 7)."""
        found = self._makes_trouble().troubled
        return found if isinstance(found, Instance) else instance_of(target().shape, found)

    @keyword
    def balancer(self, again_for: float) -> Any:
        """Return a sender for `Send A Mix`: clients behind a balancer, which passes over an instance that takes no
        connection; for so many seconds they send again what has no answer, or a 5xx (4.11).
        """
        return partial(send_on, again_for)

    @keyword
    def get_ready_for_trouble(self, what: str) -> None:
        """Skip the test, with the reason, where a trouble cannot be made; see to it that it can be (5.1: midnight).

        Callers have to log in after this: the clock of all parts may be another.
        """
        problem = self._makes_trouble().lacks(what)
        if problem:
            raise SkipExecution(problem)
        self._makes_trouble().get_ready(what)

    @keyword
    def wait_for_the_hour(self, what: str, after: float) -> None:
        """Wait until calls may begin of which the trouble comes after so many seconds (5.1: midnight)."""
        self._makes_trouble().wait_for_the_hour(what, after)

    @keyword
    def make_trouble(self, what: str, after: float = 0, watched: list[Call] | None = None) -> None:
        """Make trouble, ``kill database``, after so many seconds, and undo it (laws 5 to 7); see `stack/trouble.py`.

        A prepared call, alone in ``watched``, is sent all the time meanwhile: what it got is for `Readiness Told`.
        """
        watch = Watch(watched[0]) if watched else None
        with watch or contextlib.nullcontext():
            self._happened = self._makes_trouble().make(what, after)
        self._watched = watch.answers if watch else []
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
    def all_should_be_ready_within(self, seconds: float) -> float:
        """Wait until every part is back; fail unless all are ready so many seconds later (6.1). Returns how many."""
        passed: float = self._makes_trouble().settle()
        if passed > seconds:
            raise AssertionError(f"all parts were back, and ready only {passed:.1f} s later (6.1)")
        return passed

    @keyword
    def yesterday_should_be_closed(self, *players: Player) -> None:
        """Fail unless players, whose sections were read, have one snapshot for yesterday of each variant (5.1).

        One of each that they had rows of by then: law 1 says of how many. Who had none has no snapshot.
        """
        found = [one for player in players for one in troubled.not_closed(read_ledger(player.user_id))]
        if found:
            raise AssertionError(f"{'; '.join(found)} (5.1)")

    @keyword
    def readiness_told(self, wanted: Literal["red", "green", "brief", "either"]) -> str:
        """Return what the watched instance called itself during a trouble; fail when that is not what was wanted (6.1).

        ``brief`` is for parts that are back before somebody has to have asked, ``either`` where none is quite away.
        """
        return troubled.readiness(self._watched, wanted)

    @keyword
    def keep_outcome(self, what: str, seed: int, found: list[Judgement], readiness: str, again: float) -> None:
        """Add what a trouble did to the table in the log and to `resilience.json` beside it (laws 1 to 7).

        ``readiness`` is what it told, ``again`` after how many seconds it was green.
        """
        about = evidence.history.about({one.user for one in found})
        self._outcomes.append(report.outcome(what, seed, about, found, readiness, again))
        report.write(self._outcomes, Path(str(BuiltIn().get_variable_value("${OUTPUT DIR}"))))
        logger.info(report.as_table(self._outcomes), html=True)
