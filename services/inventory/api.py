"""Routes of inventory-service in both deployment shapes (contract, sections 1, 3 and 4)."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Litestar, Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import Parameter
from litestar.router import Router

from services.common.errors import Refusal
from services.common.http import StrictBody, build_app
from services.common.logs import request_id
from services.common.tokens import Caller, TokenVerifier, bearer, forbidden, identify, required_jti, revoked
from services.inventory import metrics, schemas
from services.inventory.health import VERSION, Health
from services.inventory.service import InventoryService
from services.inventory.store import Store

Guard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Any]


class Gate:
    """The guards of section 3. They run before a body is read, so a stranger learns nothing about it."""

    def __init__(self, verifier: TokenVerifier, store: Store, service: InventoryService, internal_open: bool) -> None:
        self._verifier = verifier
        self._store = store
        self._service = service
        self._internal_open = internal_open
        self._seen = metrics.ActiveUsers()

    def __deepcopy__(self, _: Any) -> "Gate":
        """Stay one gate: litestar copies its handlers, and their guards with them."""
        return self

    async def player(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Let in any valid token; the player is its ``sub``. Fetches the closed day in the same round trip."""
        claims = await self._verifier.verify(bearer(connection.headers.get("authorization")))
        jti = required_jti(claims)
        state = connection.scope["state"]
        # Read once: the closed day and today's rows have to be of the same section.
        code = state["section"] = connection.query_params.get("section", "main")
        state["today"] = datetime.now(UTC).date()
        try:
            caller = identify(claims)
        except Refusal:
            if await self._store.is_revoked(jti):
                raise revoked() from None
            raise
        is_revoked, state["closed_day"] = await self._store.is_revoked_and_closed_day(
            jti, caller.user_id, code, state["today"]
        )
        if is_revoked:
            raise revoked()
        self._seen.saw(caller.user_id)
        _remember(connection, caller)

    async def internal(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Let in services only. Where the network is the guard, a call without a token is let in too."""
        if self._internal_open and "authorization" not in connection.headers:
            return
        caller = await self._caller(connection)
        if "internal" not in caller.roles:
            raise Refusal(403, "insufficient_service_permissions", "this call is for services only")

    async def admin(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Let in administrators only."""
        caller = await self._caller(connection)
        if "admin" not in caller.roles:
            raise forbidden()

    async def _caller(self, connection: ASGIConnection[Any, Any, Any, Any]) -> Caller:
        claims = await self._verifier.verify(bearer(connection.headers.get("authorization")))
        if await self._store.is_revoked(required_jti(claims)):
            raise revoked()
        caller = identify(claims)
        _remember(connection, caller)
        return caller


def _remember(connection: ASGIConnection[Any, Any, Any, Any], caller: Caller) -> None:
    connection.scope["state"]["caller"] = caller
    connection.scope["state"]["user_id"] = caller.user_id


def public_routes(service: InventoryService, gate: Gate) -> list[HTTPRouteHandler]:
    """Calls of players."""

    @get("/inventory", guards=[gate.player], summary="What the calling player has in a section")
    async def read_inventory(request: Request[Any, Any, Any], section: str = "main") -> schemas.Inventory:  # noqa: ARG001
        state = request.scope["state"]
        caller: Caller = state["caller"]
        code, section_id = await service.section(state["section"])
        return await service.inventory(caller.user_id, code, section_id, state["today"], state["closed_day"])

    return [read_inventory]


def internal_routes(service: InventoryService, gate: Gate) -> list[HTTPRouteHandler]:
    """Calls of other services."""
    options: dict[str, Any] = {"guards": [gate.internal], "status_code": 200}

    @post("/inventory/add-items", dto=StrictBody[schemas.AddItems], return_dto=None, **options)
    async def add_items(data: schemas.AddItems) -> schemas.Written:
        return await service.add_items(data)

    @post("/inventory/reserve", dto=StrictBody[schemas.Reserve], return_dto=None, **options)
    async def reserve(data: schemas.Reserve) -> schemas.Written:
        return await service.reserve(data)

    @post("/inventory/return-reserve", dto=StrictBody[schemas.EndReservation], return_dto=None, **options)
    async def return_reserve(data: schemas.EndReservation) -> schemas.Written:
        return await service.return_reserve(data)

    @post("/inventory/consume-reserve", dto=StrictBody[schemas.EndReservation], return_dto=None, **options)
    async def consume_reserve(data: schemas.EndReservation) -> schemas.Written:
        return await service.consume_reserve(data)

    @get("/inventory/reservation/{operation_id:str}", guards=[gate.internal])
    async def read_reservation(operation_id: str) -> schemas.Reservation:
        return await service.reservation(operation_id)

    return [add_items, reserve, return_reserve, consume_reserve, read_reservation]


def admin_routes(service: InventoryService, gate: Gate, prefix: str) -> list[HTTPRouteHandler]:
    """Calls of administrators."""

    @post(f"{prefix}/adjust", dto=StrictBody[schemas.Adjust], return_dto=None, guards=[gate.admin], status_code=200)
    async def adjust(request: Request[Any, Any, Any], data: schemas.Adjust) -> schemas.Adjusted:
        caller: Caller = request.scope["state"]["caller"]
        return await service.adjust(caller.user_id, data, request_id.get())

    @get(f"{prefix}/audit", guards=[gate.admin])
    async def read_audit(user_id: Annotated[str, Parameter(description="The player")] = "") -> schemas.Audit:
        return await service.audit(user_id)

    return [adjust, read_audit]


def health_routes(health: Health) -> list[HTTPRouteHandler]:
    """Probes."""

    @get(["/health", "/health/ready"], summary="Whether the service and what it needs answer")
    async def ready() -> Response[dict[str, Any]]:
        status, body = await health.report()
        return Response(body, status_code=status)

    @get("/health/live", summary="Whether the process serves")
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    return [ready, live]


def inventory_app(
    routes: Sequence[HTTPRouteHandler], probes: Sequence[HTTPRouteHandler] = (), prefix: str = "/"
) -> Litestar:
    """Build one listener's application: routes under the prefix, probes without it."""
    return build_app("inventory-service", VERSION, [Router(prefix, route_handlers=list(routes)), *probes])
