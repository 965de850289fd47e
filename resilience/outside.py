"""Trouble for a deployment that is not ours: its own commands stop a part and start it again (`TARGET_STOP_REDIS`)."""

from __future__ import annotations

import time

from robot.libraries.BuiltIn import BuiltIn

from history.records import Happened
from libraries.target.preparing import probe, target
from libraries.target.settings import PARTS, Instance, lacks

_STOP, _LAST = "stop", "instance"
# As long as what is stopped in a stack of ours.
_SECONDS = 2.6


class OutsideTrouble:
    """Stops parts of the target. ``troubled`` is an instance that has no connections of its own to be troubled."""

    @property
    def troubled(self) -> Instance:
        """The first instance: only the last one is ever stopped."""
        return target().first

    def lacks(self, what: str) -> str | None:
        """Say why a trouble cannot be made here; None when it can."""
        kind, _, part = what.partition(" ")
        possible = kind == _STOP and f"{part} outage" in PARTS
        return lacks(target(), f"{part} outage" if possible else "a stack that mends")

    def make(self, what: str, after: float) -> list[Happened]:
        """Make a trouble after so many seconds, and undo it, at the end of the test at the latest."""
        part = what.removeprefix(f"{_STOP} ")
        time.sleep(after)
        started = time.monotonic()
        BuiltIn().run_keyword("Stop Part", part)
        time.sleep(_SECONDS)
        BuiltIn().run_keyword("Start Stopped Parts")
        return [Happened(what, target().instances[-1].name if part == _LAST else None, started, time.monotonic())]

    def get_ready(self, what: str) -> None:
        """There is nothing to be done before."""

    def wait_for_the_hour(self, what: str, after: float) -> None:
        """One hour is as good as another."""

    def settle(self) -> float:
        """Wait until the target is ready; return how many seconds that took."""
        started = time.monotonic()
        probe(target())
        return time.monotonic() - started

    def close(self) -> None:
        """Nothing was started for this."""
