"""A body in which a member stands twice is refused as a whole, without the member's name."""

from typing import Any

from services.common.strict import NotStrictError

RULE = "4.1 H: the message names the field; a member that stands twice is refused"


def patch() -> None:
    """Forget the name."""
    known: Any = NotStrictError
    known.member = property(lambda _: None, lambda *_: None)
