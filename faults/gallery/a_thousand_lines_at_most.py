"""An addition of more than a thousand items is refused, however small its body."""

from typing import Annotated

from msgspec import Meta

from services.inventory import schemas

RULE = "4.4 S: items[1..], as many as the body has room for"


class AddAThousand(schemas.AddItems):
    """An addition of a thousand items at most."""

    items: Annotated[list[schemas.ItemIn], Meta(min_length=1, max_length=1000)]


def patch() -> None:
    """Bound the list."""
    schemas.AddItems = AddAThousand  # type: ignore[misc]
