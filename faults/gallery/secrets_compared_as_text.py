"""Secrets of services are compared as text, which the comparison takes of ASCII alone."""

import hmac
from types import SimpleNamespace
from typing import Any

from faults.patching import replace
from services.auth import service

RULE = "2.3 H: whatever is no service's secret is refused with 401"


def patch() -> None:
    """Compare what was sent."""

    def compare(one: bytes, other: bytes) -> bool:
        return hmac.compare_digest(one.decode(), other.decode())

    def as_text(_: Any) -> Any:
        return SimpleNamespace(compare_digest=compare)

    replace(service, "hmac", as_text)
