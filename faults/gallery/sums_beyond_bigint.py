"""Balances may grow beyond 2^63, after which every read of them fails."""

from typing import Annotated

from msgspec import Meta

from services.inventory import schemas, service

RULE = "4.1 H: balances that would pass 2^62 are refused"
SQL = [("is_full", "IF 8796093022208 > ALL (p_changes)", "IF true OR 8796093022208 > ALL (p_changes)")]


class AnyItem(schemas.ItemIn):
    """A variant and any quantity that a bigint holds."""

    quantity: Annotated[int, Meta(ge=1, le=2**63 - 1)]


class AddAny(schemas.AddItems):
    """An addition of any quantity."""

    items: Annotated[list[AnyItem], Meta(min_length=1)]  # type: ignore[assignment]


def patch() -> None:
    """Forget the limits."""
    schemas.AddItems = AddAny  # type: ignore[misc,assignment]
    service.MAX_TOTAL = 2**63 - 1
