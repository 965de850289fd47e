"""Routes of auth-service (contract, section 2)."""

import asyncio
from typing import Annotated, Any

from litestar import Litestar, Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from msgspec import Meta, Struct

from services.auth.keys import SigningKeys
from services.auth.service import AuthService
from services.auth.sessions import Sessions
from services.auth.settings import AuthSettings
from services.auth.telegram import TelegramUser, read_init_data
from services.common.database import Database
from services.common.errors import invalid
from services.common.http import StrictBody, build_app, check_text, health_report
from services.common.tokens import TokenVerifier, bearer, forbidden, identify, required_jti, revoked

VERSION = "1.0.0"

AnyConnection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]


class DevLogin(Struct):
    """Body of ``POST /auth/login``."""

    telegram_id: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    username: Annotated[str, Meta(min_length=1, max_length=255)]


class ServiceCredentials(Struct):
    """Body of ``POST /auth/service-token``."""

    service: Annotated[str, Meta(max_length=255)]
    secret: Annotated[str, Meta(max_length=1024)]


class AuthGate:
    """Who may call: everybody up to the login limit, owners of a live token, administrators."""

    def __init__(self, verifier: TokenVerifier, sessions: Sessions, service: AuthService) -> None:
        self._verifier = verifier
        self._sessions = sessions
        self._service = service

    def __deepcopy__(self, _: Any) -> "AuthGate":
        """Stay one gate: litestar copies its handlers, and their guards with them."""
        return self

    async def login(self, connection: AnyConnection, _: BaseRouteHandler) -> None:
        """Count the login against the limit of the caller's address."""
        await self._service.admit(connection.client.host if connection.client else "unknown")

    async def owner(self, connection: AnyConnection, _: BaseRouteHandler) -> None:
        """Let in the owner of a live token, after the checks of section 3."""
        claims = await self._verifier.verify(bearer(connection.headers.get("authorization")))
        jti = required_jti(claims)
        if await self._sessions.is_revoked(jti):
            raise revoked()
        state = connection.scope["state"]
        state["user_id"] = identify(claims).user_id
        state["claims"], state["jti"] = claims, jti

    async def administrator(self, connection: AnyConnection, handler: BaseRouteHandler) -> None:
        """Let in administrators only."""
        await self.owner(connection, handler)
        if "admin" not in connection.scope["state"]["claims"].roles:
            raise forbidden()


def login_routes(settings: AuthSettings, service: AuthService, gate: AuthGate) -> list[HTTPRouteHandler]:
    """The logins that the settings allow."""

    @post("/auth/login", dto=StrictBody[DevLogin], return_dto=None, guards=[gate.login], status_code=200)
    async def dev_login(request: AnyRequest, data: DevLogin) -> dict[str, Any]:
        check_text("username", data.username)
        if not data.username.strip():
            raise invalid("username", "must not be blank")
        return await _log_in(request, TelegramUser(data.telegram_id, data.username, data.username))

    @post("/auth", guards=[gate.login], status_code=200)
    async def telegram_login(request: AnyRequest) -> dict[str, Any]:
        raw = request.headers.get("x-telegram-init-data")
        return await _log_in(request, read_init_data(raw, settings.telegram_bot_token or ""))

    async def _log_in(request: AnyRequest, user: TelegramUser) -> dict[str, Any]:
        answer = await service.log_in(user)
        request.scope["state"]["user_id"] = answer["user"]["id"]
        return answer

    allowed = [(dev_login, settings.auth_dev_login), (telegram_login, bool(settings.telegram_bot_token))]
    return [login for login, is_allowed in allowed if is_allowed]


def token_routes(service: AuthService, gate: AuthGate) -> list[HTTPRouteHandler]:
    """Tokens of services, the end of a token, and new keys."""

    @post("/auth/service-token", dto=StrictBody[ServiceCredentials], return_dto=None, status_code=200)
    async def service_token(data: ServiceCredentials) -> dict[str, Any]:
        return await service.service_token(data.service, data.secret)

    @post("/auth/logout", guards=[gate.owner], status_code=200)
    async def log_out(request: AnyRequest) -> dict[str, Any]:
        state = request.scope["state"]
        await service.log_out(state["claims"], state["jti"])
        return {"success": True}

    @post("/auth/keys/rotate", guards=[gate.administrator], status_code=200)
    async def rotate_keys() -> dict[str, Any]:
        return {"success": True, "kid": (await service.rotate_keys()).kid}

    return [service_token, log_out, rotate_keys]


def open_routes(keys: SigningKeys, database: Database, sessions: Sessions) -> list[HTTPRouteHandler]:
    """What anybody may read: the public keys and the health."""

    @get("/jwks")
    async def jwks() -> dict[str, Any]:
        return {"keys": [key.public_jwk() for key in keys.published()]}

    @get("/public-key.pem", media_type="text/plain")
    async def public_key() -> str:
        return keys.current().public_pem()

    @get("/health")
    async def health() -> Response[dict[str, Any]]:
        answers = await asyncio.gather(database.answers(), sessions.answers())
        status, body = health_report(
            VERSION, dict(zip(("postgres", "redis"), answers, strict=True)), ready=all(answers)
        )
        return Response(body, status_code=status)

    return [jwks, public_key, health]


def auth_app(
    settings: AuthSettings, service: AuthService, sessions: Sessions, keys: SigningKeys, database: Database
) -> Litestar:
    """Build the application with the logins that the settings allow."""
    gate = AuthGate(TokenVerifier(keys), sessions, service)
    routes = [
        *login_routes(settings, service, gate),
        *token_routes(service, gate),
        *open_routes(keys, database, sessions),
    ]
    return build_app("auth-service", VERSION, routes)
