"""The run as a whole: what it says of its red tests and of its strength, and how it ends with one message."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

from robot.api import logger

from reporting import redaction, strength
from reporting.causes import Red, as_metadata, causes, in_words, rules_line
from reporting.console import announce, announce_at_the_end, under_pabot

UNUSABLE = "The target can be used"
# What Robot says of a test that it left out because another one had failed.
LEFT_OUT = "Failure occurred and exit-on-failure mode is in use"
# What it says of a test whose rows, or of a loop whose rounds, were all skipped.
ALL_SKIPPED = "All iterations skipped."


class RunOfSuites:
    """The run, so that one whose target is gone ends with one message. A listener notes its outermost suite."""

    top: Any = None

    def leave_one_test(self) -> bool:
        """Replace all tests of the run by a single one, which then carries the message; say whether that was done."""
        if self.top is None or not self.top.suites:
            return False
        self.top.suites.clear()
        self.top.tests.clear()
        test = self.top.tests.create(name=UNUSABLE, doc="Stands for all tests: none of them could run.")
        test.body.create_keyword(name="No Operation")
        return True


RUN = RunOfSuites()


def with_parents(one: Any) -> list[Any]:
    """Return a test or suite and the suites around it, the whole run last.

    That is not the outermost suite that listens: where several paths are run, each would be a run of its own.
    """
    found = [one]
    while found[-1].parent is not None:
        found.append(found[-1].parent)
    return found


def reasons_for_skipping(one: Any) -> list[str]:
    """Return why a test or a part of it was skipped: of each row its reason, once, where it has several."""
    if one.message != ALL_SKIPPED:
        return [one.message] if one.message else []
    return list(
        dict.fromkeys(reason for part in one.body.filter(messages=False) for reason in reasons_for_skipping(part))
    )


def rows_left_out(one: Any) -> list[str]:
    """Return why rows of a test that passed were skipped, each reason once: Robot Framework tells nobody."""
    rows = [part for part in one.body.filter(messages=False) if part.status == "SKIP"]
    return list(dict.fromkeys(reason for row in rows for reason in reasons_for_skipping(row)))


def show_evidence(parts: Mapping[str, Callable[[], str]]) -> None:
    """Write to the log what a failure is understood by: HTML under its titles; what is empty is left out."""
    for title, make in parts.items():
        try:
            content = make()
        except Exception as error:  # noqa: BLE001  evidence must never hide the failure that it is to explain
            content = html.escape(f"not readable: {error}")
        if content:
            logger.info(f"<b>{html.escape(title)}</b><br>{content}", html=True)


class RunListener:
    """Robot listener: no secret in any message, rules in those of red tests; causes and strength at the end.

    What lies under it says by `gone` whether there is still something to prove, and by `explain` and `keep` why a test
    is red.
    """

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self._red: list[Red] = []
        # Each test's status and documentation.
        self._ended: list[tuple[str, str]] = []

    def gone(self) -> list[str]:
        """Return in words what the run cannot go on without and is gone."""
        return []

    def explain(self) -> None:
        """Write to the log what explains the current test's failure."""

    def keep(self) -> None:
        """Keep beside the results what ends with the run and explains its red tests."""

    def start_suite(self, data: Any, _result: Any) -> None:
        """Remember the outermost suite."""
        RUN.top = RUN.top or data

    def log_message(self, message: Any) -> None:
        """Hide what no log may hold, whoever logs it."""
        message.message = redaction.redact(message.message)

    def end_test(self, data: Any, result: Any) -> None:
        """Attach what explains a failure; end the run when what it needs is gone."""
        self._ended.append((result.status, result.doc))
        if result.skipped:
            result.message = "\n".join(reasons_for_skipping(result))
        elif result.passed and (left_out := rows_left_out(result)):
            result.message = "\n".join(["Rows were skipped:", *left_out])
        if not under_pabot() and all(status == "SKIP" for status, _ in self._ended) and self._is_over(data):
            result.status, result.message = "FAIL", f"Every test was skipped, nothing is proven: {result.message}"
        result.message = redaction.redact(result.message)
        if not result.failed or result.message.startswith(LEFT_OUT):
            return
        gone = self.gone()
        if gone:
            result.message = "The run ends here: " + redaction.redact("\n".join(gone))
            for suite in with_parents(data)[1:]:
                suite.suites.clear()
                suite.tests.clear()
            return
        result.message = rules_line(result.doc) + result.message
        self._red.append(Red(result.full_name, result.doc, result.message))
        self.explain()

    def _is_over(self, one: Any) -> bool:
        return len(self._ended) >= int(with_parents(one)[-1].test_count)

    def end_suite(self, data: Any, result: Any) -> None:
        """Tell the causes of the red tests, and how strong the run was, when it is over."""
        if not self._ended or not self._is_over(data):
            return
        if any(status == "FAIL" for status, _ in self._ended):
            self.keep()
        metadata = with_parents(result)[-1].metadata
        if self._red:
            found = causes(self._red)
            metadata["Causes"] = as_metadata(found)
            announce("\n".join(in_words(found)), everywhere=True)
        if under_pabot():
            announce_at_the_end("reporting.strength.in_words", self._ended)
        else:
            metadata["Strength"] = strength.in_words(self._ended)
            announce(metadata["Strength"])
        self._ended = []
