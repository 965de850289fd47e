"""Judges what the callers of every test saw, also where no test asks for it (law 7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from history.judge import judge
from history.records import Record
from history.search import Limits
from reporting.last_test import LastTest

TEST = "What Callers Saw In Other Tests Has An Order Too"
_SAYS = "law 7, 4.3 S: all that was answered about the players of a test that asks for something else."
# A test that asks for an order itself has more time.
_LIMITS = Limits(seconds=2.0, places=100_000)


class HistoriesOfTheRun:
    """Judges the players of each test by the rules of origin S; what has no order makes one more test, and only one."""

    def __init__(self) -> None:
        self.last_test = LastTest(TEST, _SAYS)
        self._judged: set[str] = set()

    def leave_out(self, users: Collection[str]) -> None:
        """Remember that a test has judged some players itself."""
        self._judged.update(users)

    def look_at(self, records: Sequence[Record], users: Collection[str], test: str) -> None:
        """Judge players whose records those are. One that cannot be decided soon is left to tests that take longer."""
        for one in judge(records, limits=_LIMITS, users=set(users) - self._judged):
            if one.verdict == "not serial":
                self.last_test.see(f"Law 7 (serial history): {one.sentence}", test)
