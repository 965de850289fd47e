"""A dependency is called ill when it has not answered twice: the first health after it went away is green."""

from typing import Any

from faults.patching import replace
from services.inventory.health import Health

RULE = "6.1 S: /health is 503 when PostgreSQL or Redis does not answer"


def patch() -> None:
    """Let each miss one question."""

    def patient(make: Any) -> Any:
        return lambda health, *parts: make(health, *map(_Forgiven, parts[:2]), *parts[2:])

    replace(Health, "__init__", patient)


class _Forgiven:
    def __init__(self, part: Any) -> None:
        self._part, self._missed = part, 0

    async def answers(self) -> bool:
        self._missed = 0 if await self._part.answers() else self._missed + 1
        return self._missed < 2
