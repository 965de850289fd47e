"""Calls of the ledger's SQL functions: one round trip a call (contract, section 5)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from services.common.admission import Turnstiles, overloaded
from services.common.database import Database
from services.common.errors import Refusal
from services.common.gathering import Gathered

READ_SECTION = (
    "SELECT item_id, collection_id, quality_level_id, closed, quantity, made, today FROM inventory.read_section($1, $2)"
)

# For several players at once; `n` is the place of the question. The upper bound keeps nothing out: without one,
# PostgreSQL takes an unknown instant for one with a third of all rows after it, and walks through a whole history.
READ_TODAY = """
SELECT q.n, o.item_id, o.collection_id, o.quality_level_id, o.quantity
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) WITH ORDINALITY AS q (user_id, section_id, since, n)
CROSS JOIN LATERAL (
    SELECT item_id, collection_id, quality_level_id, sum(quantity_change)::bigint AS quantity
    FROM inventory.operations
    WHERE user_id = q.user_id AND section_id = q.section_id AND created_at >= q.since AND created_at < 'infinity'
    GROUP BY 1, 2, 3) o
"""

ADD = "SELECT * FROM inventory.add_items($1, $2, $3, $4, $5, $6, $7, $8, $9)"
RESERVE = "SELECT * FROM inventory.reserve($1, $2, $3, $4, $5, $6, $7, $8, $9)"
END = "SELECT * FROM inventory.end_reservation($1, $2, $3, $4, $5, $6)"
ADJUST = "SELECT * FROM inventory.adjust($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::text::jsonb)"

RESERVATION = """
SELECT o.user_id, o.section_id, o.item_id, o.collection_id, o.quality_level_id, o.quantity_change,
       o.operation_type_id, o.created_at
FROM inventory.operations o WHERE o.operation_id = $1 ORDER BY o.id
"""

AUDIT = """
SELECT id, admin_id, user_id, operation_id, section, changes, reason, request_id, created_at
FROM inventory.audit_log WHERE user_id = $1 ORDER BY id DESC
"""

# How many players are read together at most.
MOST_AT_ONCE = 50

Variant = tuple[UUID, UUID, UUID]


@dataclass(frozen=True, slots=True)
class Section:
    """What a section holds: (key, yesterday's snapshot or None, balance now) of each variant, in the keys' order.

    ``made`` is how many snapshot rows were made for this answer, ``today`` the database's open day; an empty section
    has none.
    """

    balances: list[tuple[bytes, int | None, int]]
    made: int = 0
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One position of a write: a variant by its ids and how many."""

    item_id: UUID
    collection_id: UUID
    quality_level_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A variant of which there is too little."""

    variant: Variant
    required: int
    available: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write came to.

    ``kind`` is ``written``, ``repeated``, ``conflict``, ``insufficient``, ``overflow``, ``not_found`` or
    ``not_active``; ``detail`` the function's own JSON.
    """

    kind: str
    operation_ids: list[UUID]
    detail: list[dict[str, Any]]
    snapshots: int

    def shortages(self) -> list[Shortage]:
        """Return what was missing."""
        return [
            Shortage(
                (UUID(d["item_id"]), UUID(d["collection_id"]), UUID(d["quality_level_id"])),
                int(d["required"]),
                int(d["available"]),
            )
            for d in self.detail
        ]


class Ledger:
    """The ledger's calls. Every method is one statement and one transaction."""

    def __init__(self, database: Database, players: Turnstiles, patience: float) -> None:
        self._database = database
        # Calls that may wait for a player's lock wait here, where they hold no connection.
        self._players = players
        self._today = Gathered(self._read_today_of, MOST_AT_ONCE, patience, overloaded)

    async def read_section(self, user: UUID, section: UUID) -> Section:
        """Return what a section holds; closes yesterday when it is due."""
        rows = await self._of(user, lambda: self._database.rows("read_section", READ_SECTION, user, section))
        balances = [(_key(row[0], row[1], row[2]), row[3], row[4]) for row in rows]
        return Section(balances, *rows[0][5:]) if rows else Section(balances)

    async def read_today(self, user: UUID, section: UUID, since: datetime) -> list[tuple[bytes, int]]:
        """Return the sum of each variant's rows since an instant, in any order."""
        return await self._today.ask((user, section, since))

    async def _read_today_of(self, asked: list[tuple[UUID, UUID, datetime]]) -> list[list[tuple[bytes, int]]]:
        found: list[list[tuple[bytes, int]]] = [[] for _ in asked]
        for row in await self._database.rows("read_today", READ_TODAY, *zip(*asked, strict=True)):
            found[row[0] - 1].append((_key(row[1], row[2], row[3]), row[4]))
        return found

    async def add(
        self, user: UUID, section: UUID, kind: UUID, operation: UUID, lines: Sequence[Line], comment: str | None
    ) -> Outcome:
        """Write one row a line."""
        return await self._write(user, "add_items", ADD, user, section, kind, operation, *_columns(lines), comment)

    async def reserve(
        self, user: UUID, main: UUID, factory: UUID, kind: UUID, operation: UUID, lines: Sequence[Line]
    ) -> Outcome:
        """Move the lines from main to factory, all or none."""
        return await self._write(user, "reserve", RESERVE, user, main, factory, kind, operation, *_columns(lines))

    async def end_reservation(
        self, user: UUID, operation: UUID, main: UUID | None, factory: UUID, reservation: UUID, end: UUID
    ) -> Outcome:
        """Return a reservation to main, or destroy what it holds when main is None."""
        return await self._write(user, "end_reservation", END, user, operation, main, factory, reservation, end)

    async def adjust(
        self,
        admin: UUID | None,
        user: UUID,
        section: UUID,
        section_code: str,
        kind: UUID,
        operation: UUID,
        lines: Sequence[Line],
        reason: str,
        request_id: str | None,
        variants: bytes,
    ) -> Outcome:
        """Change balances by hand, with an entry in the audit log."""
        return await self._write(
            user,
            "adjust",
            ADJUST,
            admin,
            user,
            section,
            section_code,
            kind,
            operation,
            *_columns(lines),
            reason,
            request_id,
            variants.decode(),
        )

    async def reservation(self, operation: UUID) -> list[Any]:
        """Return every row of a business operation."""
        return await self._database.rows("reservation", RESERVATION, operation)

    async def audit(self, user: UUID) -> list[Any]:
        """Return a player's audit entries, newest first."""
        return await self._database.rows("audit", AUDIT, user)

    async def _of(self, user: UUID, ask: Callable[[], Awaitable[list[Any]]]) -> list[Any]:
        """Ask the database for a player, in turn with others who do."""
        await self._players.enter(user)
        in_vain = False
        try:
            return await ask()
        except Refusal:
            # Whatever kept it from the database keeps those who wait behind it, and would for as long again.
            in_vain = True
            raise
        finally:
            self._players.leave(user, in_vain=in_vain)

    async def _write(self, user: UUID, operation: str, sql: str, *args: Any) -> Outcome:
        (row,) = await self._of(user, lambda: self._database.write(operation, sql, *args))
        detail = msgspec.json.decode(row["detail"]) if row["detail"] else []
        return Outcome(row["outcome"], row["operation_ids"] or [], detail, row["made"] or 0)


def _columns(lines: Sequence[Line]) -> tuple[list[UUID], list[UUID], list[UUID], list[int]]:
    return (
        [line.item_id for line in lines],
        [line.collection_id for line in lines],
        [line.quality_level_id for line in lines],
        [line.quantity for line in lines],
    )


def _key(item: UUID, collection: UUID, quality: UUID) -> bytes:
    return item.bytes + collection.bytes + quality.bytes
