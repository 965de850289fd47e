"""Keywords about the deployment under test."""

from __future__ import annotations

from typing import Any

from robot.api import FatalError
from robot.api.deco import keyword, library

from libraries.evidence import EvidenceListener
from libraries.target import Instance

UNUSABLE = "The target can be used"


class RunListener(EvidenceListener):
    """Evidence for failed tests, and one red test instead of hundreds when the target cannot be used."""

    def __init__(self) -> None:
        self.top: Any = None

    def start_suite(self, data: Any, _result: Any) -> None:
        """Remember the outermost suite."""
        if self.top is None:
            self.top = data

    def leave_one_test(self) -> bool:
        """Replace all tests of the run by a single one, which then carries the message; say whether that was done."""
        if self.top is None or not self.top.suites:
            return False
        self.top.suites.clear()
        self.top.tests.clear()
        test = self.top.tests.create(name=UNUSABLE, doc="Stands for all tests: none of them could run.")
        test.body.create_keyword(name="No Operation")
        return True


@library(scope="GLOBAL")
class Deployment:
    """What is under test, and which of its parts there are (contract, section 1)."""

    def __init__(self) -> None:
        self.ROBOT_LIBRARY_LISTENER = RunListener()

    @keyword
    def prepare_target(self) -> None:
        """Start the embedded stack, or see that another target answers. Takes at most 10 s.

        When it cannot be used, the run ends with one message that names the address and the setting.
        """
        from libraries.preparing import target

        try:
            target()
        except FatalError as error:
            # With one test left nothing has to be stopped, and that test shows the message itself.
            if not self.ROBOT_LIBRARY_LISTENER.leave_one_test():
                raise
            raise AssertionError(str(error)) from None

    @keyword
    def require_part(self, *parts: str) -> None:
        """Skip the test, saying why, when the target lacks one of the parts.

        Parts are listed in ``libraries/target.py``: ``database``, ``redis``, ``signing key``, ``metrics``, …
        """
        from libraries.session import need

        need(*parts)

    @keyword
    def first_instance(self) -> Instance:
        """Return the inventory-service instance that calls go to by default."""
        from libraries.preparing import target

        return target().first
