"""Headers may be as large as their sender likes."""

import sys

from faults.patching import replace
from services.common import edge

RULE = "6.5 H: request line and headers 32 KiB (431)"


def patch() -> None:
    """Have no limit that anybody reaches."""

    def without_limit(limits: type[edge.Limits]) -> object:
        return lambda _, *rest: limits(sys.maxsize, *rest)

    from services.common import http

    replace(http, "Limits", without_limit)
