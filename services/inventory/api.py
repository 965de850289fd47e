"""Calls of inventory-service in both deployment shapes (contract, sections 1, 3 and 4)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.routing import Router

from services.common.calls import Admission, Answer, Body, Call, Request, build_app
from services.common.database import Database
from services.common.errors import ErrorBody, Refusal
from services.common.http import HealthReport
from services.common.logs import request_id
from services.common.openapi import UUID_SCHEMA, Parameter
from services.common.tokens import (
    Caller,
    TokenVerifier,
    bearer,
    forbidden,
    identify,
    require_administrator,
    required_jti,
    revoked,
)
from services.inventory import metrics, schemas
from services.inventory.health import VERSION, Health
from services.inventory.service import InventoryService
from services.inventory.store import Store


class Gate:
    """The guards of section 3. They run before a body is read, so a stranger learns nothing about it."""

    def __init__(
        self, verifier: TokenVerifier, store: Store, database: Database, seen: metrics.ActiveUsers, *,
        internal_open: bool, admin_open: bool,
    ) -> None:  # fmt: skip
        self._verifier = verifier
        self._store = store
        self._database = database
        self._internal_open = internal_open
        self._admin_open = admin_open
        self._seen = seen

    def access(self, who: str) -> tuple[str | None, ...]:
        """Say who may make internal (``service``) or admin calls (``administrator``), for the description."""
        is_open = self._internal_open if who == "service" else self._admin_open
        return (None, who) if is_open else (who,)

    async def player(self, request: Request) -> None:
        """Let in a user, whom the token's ``sub`` names. Fetches the closed day in the same round trip."""
        claims = await self._verifier.verify(bearer(request.authorization))
        jti = required_jti(claims)
        state = request.state
        # Read once: the closed day and today's rows have to be of the same section.
        code = state["section"] = request.query("section", "main")
        state["today"] = datetime.now(UTC).date()
        try:
            caller = identify(claims)
        except Refusal:
            if await self._store.is_revoked(jti, claims):
                raise revoked() from None
            raise
        is_revoked, state["closed_day"] = await self._store.is_revoked_and_closed_day(
            jti, claims, caller.user_id, code, state["today"]
        )
        if is_revoked:
            raise revoked()
        _remember(request, caller)
        if "internal" in caller.roles:
            raise forbidden("players")
        self._seen.saw(caller.user_id)

    async def internal(self, request: Request) -> None:
        """Let in services only. Where the network is the guard, a call without a token is let in too."""
        if self._internal_open and request.authorization is None:
            return
        caller = await self._caller(request)
        if "internal" not in caller.roles:
            raise Refusal(403, "insufficient_service_permissions", "this call is for services only")

    async def admin(self, request: Request) -> None:
        """Let in administrators only. Where the network is the guard, a call without a token is let in too."""
        if self._admin_open and request.authorization is None:
            return
        await require_administrator(await self._caller(request), self._database)

    async def _caller(self, request: Request) -> Caller:
        claims = await self._verifier.verify(bearer(request.authorization))
        if await self._store.is_revoked(required_jti(claims), claims):
            raise revoked()
        caller = identify(claims)
        _remember(request, caller)
        return caller


def _remember(request: Request, caller: Caller) -> None:
    request.state["caller"] = caller
    request.state["user_id"] = caller.user_id


def public_calls(service: InventoryService, gate: Gate, prefix: str) -> list[Call]:
    """Calls of players."""

    async def read_inventory(request: Request) -> bytes:
        state = request.state
        caller: Caller = state["caller"]
        code, section_id = await service.section(state["section"])
        return await service.inventory(caller.user_id, code, section_id, state["today"], state["closed_day"])

    what = "What the calling player has in a section"
    path = f"{prefix}/inventory"
    section = Parameter("section", "query", schemas.SECTION | {"default": "main"})
    return [
        Call("GET", path, read_inventory, schemas.Inventory, what, guard=gate.player,
             parameters=(section,), access=("player",)),
    ]  # fmt: skip


def internal_calls(service: InventoryService, gate: Gate, prefix: str) -> list[Call]:
    """Calls of other services."""
    add, reserve, end = Body(schemas.AddItems), Body(schemas.Reserve), Body(schemas.EndReservation)

    async def add_items(_: Request, body: schemas.AddItems) -> schemas.Written:
        return await service.add_items(body)

    async def reserve_items(_: Request, body: schemas.Reserve) -> schemas.Written:
        return await service.reserve(body)

    async def return_reserve(_: Request, body: schemas.EndReservation) -> schemas.Written:
        return await service.return_reserve(body)

    async def consume_reserve(_: Request, body: schemas.EndReservation) -> schemas.Written:
        return await service.consume_reserve(body)

    async def read_reservation(request: Request) -> schemas.Reservation:
        return await service.reservation(request.parameter("operation_id"))

    access = gate.access("service")

    def write(name: str, answer: Any, takes: Body[Any], summary: str, *refuses: int, too_little: bool = False) -> Call:
        kinds = {409: ErrorBody, **dict.fromkeys(refuses, ErrorBody)} | ({400: schemas.TooLittle} if too_little else {})
        return Call("POST", f"{prefix}/inventory/{name}", answer, schemas.Written, summary, takes, gate.internal,
                    access=access, refuses=kinds)  # fmt: skip

    reservation = f"{prefix}/inventory/reservation/{{operation_id}}"
    return [
        write("add-items", add_items, add, "Give items to a player"),
        write("reserve", reserve_items, reserve, "Move items from main to factory, all or none", too_little=True),
        write("return-reserve", return_reserve, end, "Undo an active reservation", 404),
        write("consume-reserve", consume_reserve, end, "Destroy what an active reservation holds", 404),
        Call("GET", reservation, read_reservation, schemas.Reservation, "A reservation's status", guard=gate.internal,
             access=access, refuses={404: schemas.NoReservation}),
    ]  # fmt: skip


def admin_calls(service: InventoryService, gate: Gate, prefix: str) -> list[Call]:
    """Calls of administrators."""

    async def adjust(request: Request, body: schemas.Adjust) -> schemas.Adjusted:
        # Nobody is named where the network is the guard.
        return await service.adjust(request.state.get("user_id"), body, request_id.get())

    async def read_audit(request: Request) -> schemas.Audit:
        return await service.audit(request.query("user_id", ""))

    access, user_id = gate.access("administrator"), Parameter("user_id", "query", UUID_SCHEMA, required=True)
    change, log = "Change a player's balances by hand", "A player's audit log, newest first"
    return [
        Call("POST", f"{prefix}/adjust", adjust, schemas.Adjusted, change, Body(schemas.Adjust), gate.admin,
             access=access, refuses={400: schemas.TooLittle, 409: ErrorBody}),
        Call("GET", f"{prefix}/audit", read_audit, schemas.Audit, log, guard=gate.admin,
             parameters=(user_id,), access=access),
    ]  # fmt: skip


def health_calls(health: Health) -> list[Call]:
    """Probes."""

    async def ready(_: Request) -> Answer:
        status, body = await health.report()
        return Answer(body, status)

    async def live(_: Request) -> dict[str, str]:
        return {"status": "alive"}

    what = "Whether the service and what it needs answer"
    return [
        *(Call("GET", path, ready, HealthReport, what, refuses={503: HealthReport})
          for path in ("/health", "/health/ready")),
        Call("GET", "/health/live", live, dict[str, str], "Whether the process serves"),
    ]  # fmt: skip


def inventory_app(calls: Sequence[Call], admission: Admission) -> Router:
    """Build one listener's application."""
    return build_app("inventory-service", VERSION, calls, admission)
