"""Keywords about the deployment under test."""

from __future__ import annotations

from typing import Any

from robot.api import FatalError
from robot.api.deco import keyword
from robot.libraries.BuiltIn import BuiltIn

from libraries.target import preparing
from libraries.target.settings import Target
from reporting.console import announce
from reporting.facts import facts_about
from reporting.run import RUN


class TargetKeywords:
    """What is under test, and which of its parts there are (contract 1.1)."""

    @keyword
    def prepare_target(self) -> None:
        """Start the embedded stack, or see that another target answers; say in the log which system is proven.

        Takes at most 10 s. When it cannot be used, the run ends with one message that names the address and the
        setting. Serves 1.1.
        """
        try:
            found = preparing.target()
        except FatalError as error:
            # With one test left nothing has to be stopped, and that test shows the message itself.
            if not RUN.leave_one_test():
                raise
            raise AssertionError(str(error)) from None
        facts = facts_about(found)
        for name, value in facts.items():
            BuiltIn().set_suite_metadata(name, value, top=True)
        announce("Proving " + ", ".join(f"{name.lower()} {value}" for name, value in facts.items()))
        if found.login_limit:
            announce(f"Logins are limited to {found.login_limit} a minute: the run waits for them, for some minutes")

    @keyword
    def end_the_run(self, problem: str) -> None:
        """End the run with one message, for a problem that would turn each test red (1.1)."""
        if not RUN.leave_one_test():
            raise FatalError(problem)
        raise AssertionError(f"the target cannot be used: {problem}")

    @keyword
    def require_part(self, *parts: str) -> None:
        """Skip the test, saying why, when the target lacks one of the parts (1.1).

        Parts are listed in ``libraries/target/settings.py``: ``database``, ``redis``, ``signing key``, ``metrics``, …
        """
        preparing.need(*parts)

    @keyword
    def target_setting(self, name: str) -> Any:
        """Return a fact about the target by its name in `Target`: ``shape``, ``instances``, ``service_name``, …

        Raises ValueError when there is no such fact. Serves 1.1.
        """
        found = preparing.target()
        if name not in Target.__dataclass_fields__:
            raise ValueError(f"there is no fact {name!r}; there are: {', '.join(Target.__dataclass_fields__)}")
        return getattr(found, name)
