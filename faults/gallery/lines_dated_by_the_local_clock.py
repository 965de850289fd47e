"""Lines of the log are dated by the clock on the wall, and say that it is UTC."""

import time
from typing import Any

from faults.patching import replace_everywhere
from services.common import logs

RULE = "6.4 H: a line's timestamp is in UTC"


def patch() -> None:
    """Date lines by the time zone of the machine."""

    def local(compose: Any) -> Any:
        def composed(service: str, created: float, *others: Any) -> Any:
            return compose(service, created + time.localtime(created).tm_gmtoff, *others)

        return composed

    replace_everywhere(logs, "compose", local)
