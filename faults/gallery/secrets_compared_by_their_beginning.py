"""A service's secret is right when it is the beginning of the right one."""

import hmac
from types import SimpleNamespace
from typing import Any

from faults.patching import replace
from services.auth import service

RULE = "2.3 H: a service gets a token for its own secret"


def patch() -> None:
    """Look at as much as there is."""

    def begins(right: Any, given: Any) -> bool:
        return bool(right.startswith(given))

    replace(service, "hmac", lambda _: SimpleNamespace(new=hmac.new, compare_digest=begins))
