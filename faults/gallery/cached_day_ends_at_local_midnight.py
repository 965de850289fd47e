"""Once the closed day is cached, a read counts the rows since midnight of the service's own time zone."""

from datetime import datetime
from typing import Any

from faults.patching import replace
from services.inventory.ledger import Ledger

RULE = "5.1 S: days end at 00:00 UTC, law 1"


def patch() -> None:
    """Take the date's midnight for a local one."""

    def local(read: Any) -> Any:
        async def read_since_local_midnight(ledger: Ledger, user: Any, section: Any, since: datetime) -> Any:
            return await read(ledger, user, section, since.replace(tzinfo=None).astimezone())

        return read_since_local_midnight

    replace(Ledger, "read_today", local)
