"""A call is told in the log in a sentence, without names for what it tells."""

from typing import Any

from faults.patching import replace
from services.common import logs

RULE = "6.4 S: logs are structured and tell enough"


def patch() -> None:
    """Write sentences."""

    def in_words(line: dict[str, Any]) -> bytes:
        return " ".join(str(value) for value in line.values()).encode()

    replace(logs, "_encode", lambda _: in_words)
