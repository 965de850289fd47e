"""A day that is closed is counted once, however many rows that makes."""

from typing import Any

from faults.patching import replace
from services.inventory import metrics

RULE = "6.2 S: inventory_daily_balance_created_total"


def patch() -> None:
    """Add one each time."""

    def one_by_one(inc: Any) -> Any:
        def inc_once(counter: Any, amount: float = 1, *more: Any) -> None:
            inc(counter, 1 if getattr(counter, "_name", "") == metrics.daily_balances._name else amount, *more)

        return inc_once

    replace(type(metrics.daily_balances), "inc", one_by_one)
