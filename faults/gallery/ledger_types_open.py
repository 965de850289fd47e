"""Items can be added by the types of reservations and adjustments."""

from services.inventory import service

RULE = "4.4 H: operation types that have calls of their own are refused"


def patch() -> None:
    """Keep no type for other calls."""
    service.RESERVED_TYPES = frozenset()
