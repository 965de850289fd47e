"""Whatever is made of usual letters is taken over as a request's id, a whole token too."""

import re

from faults.patching import replace
from services.common import http

RULE = "6.4 H: never a token in the log, wherever a caller put it"


def patch() -> None:
    """Let the id be of any length and beginning."""
    replace(http, "_ACCEPTABLE_ID", lambda _: re.compile(r"[A-Za-z0-9._:/@+=-]{1,1024}"))
