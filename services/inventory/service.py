"""What each call does, in terms of the catalogue, the ledger and the store (contract, section 4)."""

import functools
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

import asyncpg
import msgspec

from services.common.calls import check_text
from services.common.errors import Refusal, invalid
from services.common.strict import usual_uuid
from services.inventory import catalogue as names
from services.inventory import metrics, schemas
from services.inventory.catalogue import LOAD, Catalogue, CatalogueData, Item, parse
from services.inventory.ledger import Ledger, Line, Outcome, Shortage, Variant
from services.inventory.store import ClosedDay, Store

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
Q = TypeVar("Q")

MAIN = "main"
FACTORY = "factory"
RESERVATION = "factory_reservation"
RETURN = "factory_return"
CONSUMPTION = "factory_consumption"
ADJUSTMENT = "admin_adjustment"
# Their rows only ever come from their own calls; otherwise reservations and the audit log would not add up.
RESERVED_TYPES = frozenset({RESERVATION, RETURN, CONSUMPTION, ADJUSTMENT})
MAX_TOTAL = 2**62
# How long an unknown id may keep the database from being asked for the catalogue again.
CATALOGUE_PATIENCE = 1.0
# How long the catalogue in memory may serve until Redis is asked; with the time there it is at most a day old.
CATALOGUE_SECONDS = 3600.0

_balance_from_cache = metrics.balance_duration.labels("true")
_balance_from_ledger = metrics.balance_duration.labels("false")
_to_codes = metrics.conversions.labels("to_code", "variant")
_to_ids = metrics.conversions.labels("to_id", "variant")


def _with_current_catalogue(call: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Make a call again with a new catalogue when the database no longer knows an id of the old one."""

    @functools.wraps(call)
    async def again(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await call(*args, **kwargs)
        except asyncpg.ForeignKeyViolationError:
            await args[0]._load_catalogue()  # type: ignore[attr-defined]  # the first is the service
        try:
            return await call(*args, **kwargs)
        except asyncpg.ForeignKeyViolationError:
            raise invalid("items", "not in the catalogue any more") from None

    return again


class InventoryService:
    """The calls of the contract's section 4, after the caller was let in."""

    def __init__(self, ledger: Ledger, store: Store, database: Any) -> None:
        self._ledger = ledger
        self._store = store
        self._database = database
        self._catalogue: Catalogue | None = None
        self._loaded_at = float("-inf")
        self._taken_at = float("-inf")
        self._balances = metrics.HitRatio("balances")
        self._classifiers = metrics.HitRatio("classifiers")

    # -- catalogue -------------------------------------------------------------------------------------------------

    async def catalogue(self) -> Catalogue:
        """Return the catalogue: from memory, else from Redis, else from the database."""
        if self._catalogue is not None and time.monotonic() - self._taken_at < CATALOGUE_SECONDS:
            return self._catalogue
        cached = await self._store.catalogue()
        self._classifiers.record(cached is not None)
        return self._take(cached) if cached is not None else await self._load_catalogue()

    def _take(self, data: CatalogueData) -> Catalogue:
        self._taken_at = time.monotonic()
        self._catalogue = Catalogue(data)
        return self._catalogue

    async def _load_catalogue(self) -> Catalogue:
        row = await self._database.row("load_catalogue", LOAD)
        data = parse(row["classifiers"], row["items"])
        catalogue = self._take(data)
        self._loaded_at = time.monotonic()
        if data.items:
            await self._store.keep_catalogue(data)
        return catalogue

    async def _newer_catalogue(self) -> Catalogue | None:
        """Return a catalogue read just now, or None when it was read a moment ago already."""
        if time.monotonic() - self._loaded_at < CATALOGUE_PATIENCE:
            return None
        return await self._load_catalogue()

    async def _in_words(self, describe: Callable[[Catalogue, Q], T], what: Q) -> T:
        """Return what ``describe`` makes of ids; it raises KeyError for one that it does not know."""
        try:
            return describe(await self.catalogue(), what)
        except KeyError:
            # The catalogue grew since it was read; what the ledger holds is in the database's.
            return describe(await self._load_catalogue(), what)

    async def _code(self, classifier: str, field: str, code: str) -> UUID:
        found = (await self.catalogue()).code_id(classifier, code)
        if found is None and (newer := await self._newer_catalogue()) is not None:
            found = newer.code_id(classifier, code)
        if found is None:
            raise invalid(field, f"unknown {classifier.replace('_', ' ')}")
        return found

    async def _lines(self, items: Sequence[schemas.ItemIn | schemas.ChangeIn]) -> list[Line]:
        catalogue = await self.catalogue()
        try:
            lines = _resolve(catalogue, items)
        except Refusal:
            newer = await self._newer_catalogue()
            if newer is None:
                raise
            lines = _resolve(newer, items)
        _to_ids.inc(len(lines))
        return lines

    # -- reading ---------------------------------------------------------------------------------------------------

    async def section(self, code: str) -> tuple[str, UUID]:
        """Return a section's code and id. Raises Refusal 400 when it is unknown."""
        return code, await self._code(names.SECTIONS, "section", code)

    async def inventory(self, user: UUID, code: str, section: UUID, today: date, cached: ClosedDay | None) -> bytes:
        """Return what the player has in a section as JSON, from the cached closed day when there is one."""
        started = time.perf_counter()
        if cached is not None:
            self._balances.record(True)
            balances = await self._with_today(user, section, today, cached)
            _balance_from_cache.observe(time.perf_counter() - started)
        else:
            balances = await self._from_ledger(user, code, section)
            _balance_from_ledger.observe(time.perf_counter() - started)
        _to_codes.inc(len(balances))
        return await self._in_words(Catalogue.render, balances)

    async def _with_today(self, user: UUID, section: UUID, today: date, cached: ClosedDay) -> list[tuple[bytes, int]]:
        since = datetime(today.year, today.month, today.day, tzinfo=UTC)
        balances = dict(cached)
        for key, quantity in await self._ledger.read_today(user, section, since):
            balances[key] = balances.get(key, 0) + quantity
        # The closed day is in order, so only what came today can be out of it.
        ordered = sorted(balances.items()) if len(balances) > len(cached) else balances.items()
        return [(key, quantity) for key, quantity in ordered if quantity > 0]

    async def _from_ledger(self, user: UUID, code: str, section: UUID) -> list[tuple[bytes, int]]:
        found = await self._ledger.read_section(user, section)
        if found.made:
            metrics.daily_balances.labels(code).inc(found.made)
        closed = [(key, snapshot) for key, snapshot, _ in found.balances if snapshot is not None]
        if closed and found.today is not None:
            # Counted only here: a player without history has no closed day that could have been cached.
            self._balances.record(False)
            # Under the database's date: the two clocks may differ, and a closed day must not pass for another.
            await self._store.keep_closed_day(user, code, found.today, closed)
        return [(key, quantity) for key, _, quantity in found.balances if quantity > 0]

    async def reservation(self, raw: str) -> schemas.Reservation:
        """Return a reservation and its status. Raises Refusal 400 and 404."""
        operation = _uuid("operation_id", raw)
        _, factory = await self._sections()
        kinds = {
            await self._code(names.OPERATION_TYPES, "operation_type", kind): kind
            for kind in (RESERVATION, RETURN, CONSUMPTION)
        }
        rows = await self._ledger.reservation(operation)
        held = [r for r in rows if kinds.get(r["operation_type_id"]) == RESERVATION and r["section_id"] == factory]
        if not held:
            raise _no_reservation(operation, reservation_exists=False)
        ends = {kinds.get(r["operation_type_id"]) for r in rows}
        status: schemas.Status = "returned" if RETURN in ends else "consumed" if CONSUMPTION in ends else "active"
        reserved = await self._in_words(_reserved, held)
        return schemas.Reservation(True, operation, held[0]["user_id"], reserved, held[0]["created_at"], status)

    async def audit(self, raw: str) -> schemas.Audit:
        """Return a player's audit log, newest first. Raises Refusal 400."""
        rows = await self._ledger.audit(_uuid("user_id", raw))
        return schemas.Audit(
            [schemas.AuditEntry(**{**dict(row), "changes": msgspec.json.decode(row["changes"])}) for row in rows]
        )

    # -- writing ---------------------------------------------------------------------------------------------------

    @_with_current_catalogue
    async def add_items(self, body: schemas.AddItems) -> schemas.Written:
        """Add items to a player, once an operation id."""
        check_text("comment", body.comment)
        section = await self._code(names.SECTIONS, "section", body.section)
        kind = await self._code(names.OPERATION_TYPES, "operation_type", body.operation_type)
        if body.operation_type in RESERVED_TYPES:
            raise invalid("operation_type", f"{body.operation_type} has a call of its own")
        lines = await self._lines(body.items)
        outcome = await self._ledger.add(body.user_id, section, kind, body.operation_id, lines, body.comment)
        return await self._answer(outcome, body.operation_type, body.section)

    @_with_current_catalogue
    async def reserve(self, body: schemas.Reserve) -> schemas.Written:
        """Move items from main to factory, all or none, once an operation id."""
        main, factory = await self._sections()
        kind = await self._code(names.OPERATION_TYPES, "operation_type", RESERVATION)
        lines = await self._lines(body.items)
        outcome = await self._ledger.reserve(body.user_id, main, factory, kind, body.operation_id, lines)
        return await self._answer(outcome, RESERVATION, MAIN)

    async def return_reserve(self, body: schemas.EndReservation) -> schemas.Written:
        """Undo an active reservation."""
        return await self._end(body, RETURN)

    async def consume_reserve(self, body: schemas.EndReservation) -> schemas.Written:
        """Destroy what an active reservation holds."""
        return await self._end(body, CONSUMPTION)

    @_with_current_catalogue
    async def _end(self, body: schemas.EndReservation, kind: str) -> schemas.Written:
        main, factory = await self._sections()
        reservation = await self._code(names.OPERATION_TYPES, "operation_type", RESERVATION)
        end = await self._code(names.OPERATION_TYPES, "operation_type", kind)
        outcome = await self._ledger.end_reservation(
            body.user_id, body.operation_id, main if kind == RETURN else None, factory, reservation, end
        )
        if outcome.kind == "not_found":
            raise _no_reservation(body.operation_id)
        return await self._answer(outcome, kind, FACTORY)

    @_with_current_catalogue
    async def adjust(self, admin: UUID | None, body: schemas.Adjust, request_id: str | None) -> schemas.Adjusted:
        """Change balances by hand, once an operation id; the audit log says who, why and from what to what."""
        check_text("reason", body.reason)
        section = await self._code(names.SECTIONS, "section", body.section)
        kind = await self._code(names.OPERATION_TYPES, "operation_type", ADJUSTMENT)
        lines = await self._lines(body.items)
        variants = msgspec.json.encode([_words(item) for item in body.items])
        operation = body.operation_id or uuid4()
        outcome = await self._ledger.adjust(
            admin, body.user_id, section, body.section, kind, operation, lines, body.reason, request_id, variants
        )
        written = await self._answer(outcome, ADJUSTMENT, body.section)
        final = [
            schemas.Quantified(
                UUID(d["item_id"]),
                int(d["after"]),
                d.get("collection", msgspec.UNSET),
                d.get("quality_level", msgspec.UNSET),
            )
            for d in outcome.detail
        ]
        return schemas.Adjusted(True, written.operation_ids, final)

    async def _sections(self) -> tuple[UUID, UUID]:
        return (await self._code(names.SECTIONS, "section", MAIN), await self._code(names.SECTIONS, "section", FACTORY))

    async def _answer(self, outcome: Outcome, kind: str, section: str) -> schemas.Written:
        if outcome.snapshots:
            metrics.daily_balances.labels(section).inc(outcome.snapshots)
        metrics.operations.labels(kind, section, outcome.kind).inc()
        if outcome.kind in ("written", "repeated"):
            return schemas.Written(True, outcome.operation_ids)
        metrics.rollbacks.labels(kind, outcome.kind).inc()
        if outcome.kind == "conflict":
            raise Refusal(409, "operation_conflict", "this operation_id stands for another operation already")
        if outcome.kind == "not_active":
            raise Refusal(409, "reservation_not_active", "this reservation was returned or consumed already")
        if outcome.kind == "overflow":
            raise invalid("items", f"a balance cannot go above {MAX_TOTAL}")
        raise await self._insufficient(outcome.shortages(), section)

    async def _insufficient(self, shortages: Sequence[Shortage], section: str) -> Refusal:
        missing = await self._in_words(_missing, shortages)
        for item_class, _ in missing:
            metrics.insufficient.labels(section, item_class).inc()
        entries = [entry for _, entry in missing]
        return Refusal(400, "insufficient_items", "there are not enough items", extra={"missing_items": entries})


def _resolve(catalogue: Catalogue, items: Sequence[schemas.ItemIn | schemas.ChangeIn]) -> list[Line]:
    lines = []
    totals: dict[Variant, int] = {}
    for position, item in enumerate(items):
        known = catalogue.items.get(item.item_id)
        if known is None:
            raise invalid(f"items[{position}].item_id", "unknown item")
        line = _line(catalogue, known, item, position)
        variant = (line.item_id, line.collection_id, line.quality_level_id)
        totals[variant] = totals.get(variant, 0) + line.quantity
        if abs(totals[variant]) > MAX_TOTAL:
            raise invalid(f"items[{position}]", f"the sum for this variant is above {MAX_TOTAL}")
        lines.append(line)
    return lines


def _line(catalogue: Catalogue, known: Item, item: schemas.ItemIn | schemas.ChangeIn, position: int) -> Line:
    collection = catalogue.collection_id(known, item.collection)
    if collection is None:
        raise invalid(f"items[{position}].collection", "unknown collection")
    quality = catalogue.quality_id(known, item.quality_level)
    if quality is None:
        raise invalid(f"items[{position}].quality_level", "unknown quality level")
    if isinstance(item, schemas.ItemIn):
        return Line(item.item_id, collection, quality, item.quantity)
    if item.quantity_change == 0:
        raise invalid(f"items[{position}].quantity_change", "must not be 0")
    return Line(item.item_id, collection, quality, item.quantity_change)


def _reserved(catalogue: Catalogue, rows: Sequence[Any]) -> list[schemas.Reserved]:
    return [
        schemas.Reserved(
            row["item_id"],
            catalogue.items[row["item_id"]].item_type,
            catalogue.codes[row["collection_id"]],
            catalogue.codes[row["quality_level_id"]],
            row["quantity_change"],
        )
        for row in rows
    ]


def _missing(catalogue: Catalogue, shortages: Sequence[Shortage]) -> list[tuple[str, dict[str, Any]]]:
    """Return the item class and the answer's entry of each variant that is short."""
    entries = []
    for shortage in shortages:
        item, collection, quality = shortage.variant
        words = {"item_id": item, "collection": catalogue.codes[collection], "quality_level": catalogue.codes[quality]}
        entry = {name: value for name, value in words.items() if value != names.BASE}
        entry |= {"required": shortage.required, "available": shortage.available}
        entries.append((catalogue.items[item].item_class, entry))
    return entries


def _words(item: schemas.ItemIn | schemas.ChangeIn) -> dict[str, Any]:
    words = {"item_id": item.item_id, "collection": item.collection, "quality_level": item.quality_level}
    return {name: value for name, value in words.items() if value not in (None, names.BASE)}


def _uuid(field: str, raw: str) -> UUID:
    try:
        return usual_uuid(raw)
    except ValueError:
        raise invalid(field, "must be a UUID") from None


def _no_reservation(operation: UUID, **extra: Any) -> Refusal:
    return Refusal(404, "operation_not_found", f"there is no reservation {operation} for this player", extra=extra)
