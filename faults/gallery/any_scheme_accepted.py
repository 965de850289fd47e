"""A token is taken whatever stands before it."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import tokens

RULE = "3.2 S: what is not Bearer and a token is refused"


def patch() -> None:
    """Look at the last word of the header."""

    def lenient(bearer: Any) -> Any:
        return lambda header: bearer(header and f"Bearer {header.split()[-1]}" if header and header.split() else header)

    replace_everywhere(tokens, "bearer", lenient)
