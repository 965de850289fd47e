"""After Redis has lost its data, what was issued in the half minute before is let in, revoked or not."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import tokens

RULE = "3.8 H: a token that was revoked before Redis lost its data never gets in again"


def patch() -> None:
    """Allow for clocks that differ by half a minute, at the wrong side."""

    def lenient(check: Any) -> Any:
        return lambda claims, known_since: check(claims, known_since - 30)

    replace_everywhere(tokens, "check_known", lenient)
