"""All requests that come without an id are given the same."""

from faults.patching import replace_everywhere
from services.common import edge

RULE = "6.4 H: X-Request-ID is taken over or made"


def patch() -> None:
    """Make one."""
    made = edge.new_request_id()
    replace_everywhere(edge, "new_request_id", lambda _: lambda: made)
