"""A key that Redis does not have is an error to the client, and counted as one."""

from typing import Any

from faults.patching import replace
from services.inventory.store import Store

RULE = "6.2 S: inventory_redis_commands_total{command,status}"


def patch() -> None:
    """Tell of a failed command where an answer has nothing in it."""

    def careless(run: Any) -> Any:
        async def run_and_judge(store: Store, name: str, *commands: Any) -> Any:
            answers = await run(store, name, *commands)
            if None in answers or 0 in answers:
                store._observe(name, 0.0, False)
            return answers

        return run_and_judge

    replace(Store, "_run_on_own_connection", careless)
