"""A look at the dependencies that took longer than half a second is forgotten: what hangs is never missed."""

import asyncio
from typing import Any

from faults.patching import replace
from services.inventory import metrics
from services.inventory.health import Health

RULE = "6.2 S: inventory_dependency_health tells whether a dependency answers"
_NAMES = ("postgres", "redis", "auth")


def patch() -> None:
    """Put the gauges back to what they were before a slow look."""

    def quick(report: Any) -> Any:
        async def report_quickly(health: Health) -> Any:
            gauges = [metrics.dependency_health.labels(name) for name in _NAMES]
            before = [gauge._value.get() for gauge in gauges]
            began = asyncio.get_running_loop().time()
            told = await report(health)
            if asyncio.get_running_loop().time() - began > 0.5:
                for gauge, value in zip(gauges, before, strict=True):
                    gauge.set(value)
            return told

        return report_quickly

    replace(Health, "report", quick)
