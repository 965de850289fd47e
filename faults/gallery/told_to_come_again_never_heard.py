"""Whoever was told to come again is not listened to any more on that connection."""

from faults.patching import replace
from services.common.edge import Edge

RULE = "6.5 H: who is told to come again is heard when they do"


def patch() -> None:
    """Leave the connection as it is."""
    replace(Edge, "_read_on", lambda _: lambda _edge: None)
