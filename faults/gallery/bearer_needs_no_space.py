"""A token is taken that follows the word Bearer at once."""

import re

from faults.patching import replace
from services.common import tokens

RULE = "3.2 S: what is not `Bearer <token>` is refused"


def patch() -> None:
    """Let the space be missing."""
    replace(tokens, "_BEARER", lambda _: re.compile(r"(?i:bearer) ?([!-~]+)"))
