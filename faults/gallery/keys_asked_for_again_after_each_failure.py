"""An auth service that fails is asked for its keys again with each unknown one."""

from typing import Any

from faults.patching import replace
from services.inventory.keys import PublicKeys

RULE = "3.9 H: no flood of calls to the auth service"


def patch() -> None:
    """Count the time from the last answer alone."""

    def answered(self: Any) -> float:
        return float(self.__dict__.get("answered", "-inf"))

    def asked(self: Any, now: float) -> None:
        self.__dict__["asked"] = now

    def impatient(refresh: Any) -> Any:
        async def refreshed(self: Any) -> None:
            await refresh(self)
            if self.healthy:
                self.__dict__["answered"] = self.__dict__["asked"]

        return refreshed

    PublicKeys._asked_at = property(answered, asked)  # type: ignore[assignment]
    replace(PublicKeys, "refresh", impatient)
