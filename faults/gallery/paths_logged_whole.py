"""A path is logged as it was sent, however long, and whatever is in it."""

from faults.patching import replace
from services.common import logs

RULE = "6.4 H: a line has an upper length; never a token, wherever a caller put it"


def patch() -> None:
    """Find everything harmless."""
    replace(logs, "harmless", lambda _: lambda path: path)
    replace(logs, "MAX_LINE", lambda _: 10**9)
