"""Judges what the callers of every test saw, also where no test asks for it (law 7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from history.judge import judge
from history.records import Record
from history.search import Limits

# A test that asks for an order itself has more time.
_LIMITS = Limits(seconds=2.0, places=100_000)


class HistoriesOfTheRun:
    """Judges the players of each test by the rules of origin S, those that no test has judged itself."""

    def __init__(self) -> None:
        self._judged: set[str] = set()

    def leave_out(self, users: Collection[str]) -> None:
        """Remember that a test has judged some players itself."""
        self._judged.update(users)

    def problems(self, records: Sequence[Record], users: Collection[str]) -> list[str]:
        """Return in words what has no order. Who cannot be decided soon is left to tests that take longer."""
        found = judge(records, limits=_LIMITS, users=set(users) - self._judged)
        return [f"Law 7 (serial history): {one.sentence}" for one in found if one.verdict == "not serial"]
