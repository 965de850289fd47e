"""A hash with characters that no hash has makes the login fail."""

from types import SimpleNamespace
from typing import Any

from faults.patching import replace
from services.auth import telegram

RULE = "2.2 S: a wrong hash is 401"


def patch() -> None:
    """Compare as text, which takes ASCII only."""

    def of_text(hmac: Any) -> Any:
        def compare(one: bytes, other: bytes) -> bool:
            return bool(hmac.compare_digest(one.decode(), other.decode()))

        return SimpleNamespace(compare_digest=compare, new=hmac.new)

    replace(telegram, "hmac", of_text)
