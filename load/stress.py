"""The search for the highest rate at which every threshold still holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from load import k6, verdict
from load.verdict import Threshold

_FACTOR = 1.3
_HALVINGS = 3
_MOST = 20_000


@dataclass(frozen=True)
class Step:
    """One rate that was tried, in iterations a second, and the thresholds it broke."""

    rate: int
    calls_a_second: float
    broken: tuple[Threshold, ...]
    outcome: k6.Outcome

    @property
    def held(self) -> bool:
        """Whether every threshold held."""
        return not self.broken


class Search:
    """Raises the rate by 30 % until a threshold breaks, then halves the gap three times."""

    def __init__(self, players: Path, folder: Path, start: int, hold: int) -> None:
        self.steps: list[Step] = []
        self._players = players
        self._folder = folder
        self._start = start
        self._hold = hold

    @property
    def highest(self) -> int:
        """The highest rate that held; 0 when none did."""
        return max((step.rate for step in self.steps if step.held), default=0)

    def run(self, progress: Callable[[str], Callable[[k6.Progress], None]]) -> None:
        """Try rates until the answer is known. Raises ToolError when k6 cannot run."""
        rate = self._start
        while self._try(rate, progress).held and rate < _MOST:
            rate = round(rate * _FACTOR)
        broken = rate
        for _ in range(_HALVINGS if self.highest else 0):
            middle = (self.highest + broken) // 2
            if middle in (self.highest, broken):
                return
            if not self._try(middle, progress).held:
                broken = middle

    def _try(self, rate: int, progress: Callable[[str], Callable[[k6.Progress], None]]) -> Step:
        settings = (("RATE", str(rate)), ("FROM", str(self.highest or rate)), ("HOLD", str(self._hold)))
        run = k6.Run("stress", self._players, self._folder, f"k6-{len(self.steps) + 1}-rate-{rate}", settings)
        outcome = run.start(progress(f"k6 {rate} iterations/s"))
        broken = tuple(t for t in verdict.speed_thresholds(outcome) if not t.held)
        step = Step(rate, outcome.metric("http_reqs", "rate"), broken, outcome)
        self.steps.append(step)
        return step

    def as_json(self) -> dict[str, object]:
        """Return what results/load.json says about the search."""
        best = max((step for step in self.steps if step.held), key=lambda step: step.rate, default=None)
        return {
            "highest_rate": self.highest,
            "highest_rate_unit": "iterations/s",
            "calls_a_second_at_highest_rate": round(best.calls_a_second, 1) if best else 0,
            "steps": [
                {
                    "rate": step.rate, "calls_a_second": round(step.calls_a_second, 1), "held": step.held,
                    "broken": [str(threshold) for threshold in step.broken],
                }
                for step in self.steps
            ],
        }  # fmt: skip
