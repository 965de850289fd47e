"""Whether the process lives depends on its database and Redis."""

import dataclasses
from typing import Any

from faults.patching import replace_everywhere
from services.inventory import api

RULE = "6.1 S: /health/live is 200 while the process serves"


def patch() -> None:
    """Answer like readiness."""

    def anxious(calls: Any) -> Any:
        def anxious_calls(health: Any) -> Any:
            ready, *others = calls(health)
            return [ready, *(dataclasses.replace(call, answer=ready.answer) for call in others)]

        return anxious_calls

    replace_everywhere(api, "health_calls", anxious)
