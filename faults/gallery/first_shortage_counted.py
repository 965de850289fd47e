"""Of the variants that a call lacks the class of the first is counted, and no other."""

from collections.abc import Sequence
from typing import Any

from faults.patching import replace
from services.inventory import metrics
from services.inventory.service import InventoryService

RULE = "6.2 S: inventory_insufficient_balance_errors_total by class"


class _Once:
    def __init__(self, counter: Any) -> None:
        self._counter = counter
        self._asked = 0

    def labels(self, *names: str) -> Any:
        self._asked += 1
        return self._counter.labels(*names) if self._asked == 1 else self

    def inc(self) -> None:
        """Count nothing."""


def patch() -> None:
    """Count once for each refusal."""

    def once(refuse: Any) -> Any:
        async def refuse_it(service: InventoryService, shortages: Sequence[Any], section: str) -> Any:
            counter, metrics.insufficient = metrics.insufficient, _Once(metrics.insufficient)  # type: ignore[assignment]
            try:
                return await refuse(service, shortages, section)
            finally:
                metrics.insufficient = counter

        return refuse_it

    replace(InventoryService, "_insufficient", once)
