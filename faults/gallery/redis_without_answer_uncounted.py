"""Commands that Redis gives no answer to are not counted at all."""

from typing import Any

from faults.patching import replace
from services.inventory.store import Store

RULE = "6.2 S: inventory_redis_commands_total"
# Who refuses does so at once.
_SILENT_SECONDS = 0.2


def patch() -> None:
    """Count what was answered or refused."""

    def deaf(init: Any) -> Any:
        def init_deaf(store: Store, *args: Any, **settings: Any) -> None:
            init(store, *args, **settings)
            count = store._observe

            def count_answers(name: str, seconds: float, ok: bool) -> None:
                if ok or seconds < _SILENT_SECONDS:
                    count(name, seconds, ok)

            store._observe = count_answers

        return init_deaf

    replace(Store, "__init__", deaf)
