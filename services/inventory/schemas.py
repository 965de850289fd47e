"""Bodies of requests and answers (contract, section 4)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from services.common.errors import STORABLE, ErrorBody
from services.common.strict import Id

MAX_QUANTITY = 2**53 - 1
SECTION = {"type": "string", "enum": ["main", "factory", "trade"]}

Quantity = Annotated[int, Meta(ge=1, le=MAX_QUANTITY, description="1 to 2^53-1")]
Change = Annotated[int, Meta(ge=-MAX_QUANTITY, le=MAX_QUANTITY, extra_json_schema={"not": {"const": 0}})]
Comment = Annotated[str, Meta(max_length=500, extra_json_schema=STORABLE)]
Reason = Annotated[str, Meta(min_length=10, max_length=500, extra_json_schema=STORABLE)]
Status = Literal["active", "consumed", "returned"]
# Judged by the classifiers of the database; the description says what the contract has.
Section = Annotated[str, Meta(extra_json_schema={"enum": SECTION["enum"]})]
OperationType = Annotated[
    str,
    Meta(
        extra_json_schema={
            "enum": [
                "chest_reward", "craft_result", "trade_sale", "trade_purchase", "system_reward", "system_penalty",
                "daily_quest_reward", "trade_listing", "trade_delisting",
            ]
        }
    ),
]  # fmt: skip


class ItemIn(Struct):
    """A variant and how many of it."""

    item_id: Id
    quantity: Quantity
    collection: str | None = None
    quality_level: str | None = None


class ChangeIn(Struct):
    """A variant and by how much an administrator changes it."""

    item_id: Id
    quantity_change: Change
    collection: str | None = None
    quality_level: str | None = None


class AddItems(Struct):
    """Body of ``POST /inventory/add-items``."""

    user_id: Id
    section: Section
    operation_type: OperationType
    operation_id: Id
    items: Annotated[list[ItemIn], Meta(min_length=1)]
    comment: Comment | None = None


class Reserve(Struct):
    """Body of ``POST /inventory/reserve``."""

    user_id: Id
    operation_id: Id
    items: Annotated[list[ItemIn], Meta(min_length=1)]


class EndReservation(Struct):
    """Body of ``POST /inventory/return-reserve`` and ``POST /inventory/consume-reserve``."""

    user_id: Id
    operation_id: Id


class Adjust(Struct):
    """Body of ``POST /admin/inventory/adjust``."""

    user_id: Id
    section: Section
    items: Annotated[list[ChangeIn], Meta(min_length=1)]
    reason: Reason
    operation_id: Id | None = None


class VariantOut(Struct, omit_defaults=True):
    """A variant as answers name it: the standard collection and quality level are left out."""

    item_id: UUID
    collection: str | UnsetType = UNSET
    quality_level: str | UnsetType = UNSET


class ItemOut(Struct):
    """One variant of an inventory."""

    item_id: UUID
    item_class: str
    item_type: str
    quantity: int
    collection: str | UnsetType = UNSET
    quality_level: str | UnsetType = UNSET


class Inventory(Struct):
    """Answer of ``GET /inventory``."""

    items: list[ItemOut]


class Quantified(Struct):
    """A variant and its quantity."""

    item_id: UUID
    quantity: int
    collection: str | UnsetType = UNSET
    quality_level: str | UnsetType = UNSET


class Written(Struct):
    """Answer to a write: the ids of the ledger rows."""

    success: bool
    operation_ids: list[UUID]


class Adjusted(Struct):
    """Answer of ``POST /admin/inventory/adjust``."""

    success: bool
    operation_ids: list[UUID]
    final_balances: list[Quantified]


class Missing(VariantOut, kw_only=True):
    """A variant of which there is too little."""

    required: int
    available: int


class TooLittle(ErrorBody, kw_only=True):
    """A 400 of a call that takes items: bad input, or ``insufficient_items`` with what is missing."""

    missing_items: list[Missing] | UnsetType = UNSET


class NoReservation(ErrorBody, kw_only=True):
    """The 404 of ``GET /inventory/reservation/{operation_id}``."""

    reservation_exists: Annotated[bool, Meta(extra_json_schema={"const": False})] | UnsetType = UNSET


class Reserved(Struct):
    """A variant that a reservation holds, by its codes; the standard one is named too."""

    item_id: UUID
    item_code: str
    collection_code: str
    quality_level_code: str
    quantity: int


class Reservation(Struct):
    """Answer of ``GET /inventory/reservation/{operation_id}``."""

    reservation_exists: bool
    operation_id: UUID
    user_id: UUID
    reserved_items: list[Reserved]
    reservation_date: datetime
    status: Status


class AuditEntry(Struct):
    """One adjustment in the audit log."""

    id: int
    admin_id: UUID | None
    user_id: UUID
    operation_id: UUID
    section: str
    changes: list[dict[str, Any]]
    reason: str
    request_id: str | None
    created_at: datetime


class Audit(Struct):
    """Answer of ``GET /admin/inventory/audit``."""

    entries: list[AuditEntry]
