"""A start with several bad settings is told in as many lines."""

from typing import Any

from faults.patching import replace_everywhere
from services.common import settings

RULE = "6.7 H: one line that names what is missing or bad"


def patch() -> None:
    """End the line after each of them."""
    replace_everywhere(
        settings, "stop", lambda stop: lambda message, code, *more: stop(_over_lines(message), code, *more)
    )


def _over_lines(message: Any) -> str:
    return str(message).replace("; ", "\n")
