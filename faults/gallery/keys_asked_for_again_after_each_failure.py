"""An auth service that fails is asked for its keys again with each unknown one."""

from typing import Any

from faults.patching import replace
from services.inventory.keys import PublicKeys

RULE = "3.9 H: no flood of calls to the auth service"


def patch() -> None:
    """Count the time from the last answer alone."""

    def impatient(refresh: Any) -> Any:
        async def refreshed(self: Any) -> None:
            before = self._asked_at
            await refresh(self)
            if not self.healthy:
                self._asked_at = before

        return refreshed

    replace(PublicKeys, "refresh", impatient)
