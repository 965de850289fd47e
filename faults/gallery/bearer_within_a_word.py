"""A scheme is taken for Bearer when the word is anywhere in its name."""

import re

from faults.patching import replace
from services.common import tokens

RULE = "3.2 S: what is not `Bearer <token>` is refused"


def patch() -> None:
    """Let letters stand around it."""
    replace(tokens, "_BEARER", lambda _: re.compile(r"(?i:\w*bearer\w*) ([!-~]+)"))
