"""How the gallery puts something else in the place of a part of a service."""

from collections.abc import Callable
from typing import Any


def replace(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Put ``make(original)`` in the place of ``owner.name``. Raises AttributeError when there is no such part."""
    setattr(owner, name, make(getattr(owner, name)))
