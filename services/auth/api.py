"""Calls of auth-service (contract, section 2)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct
from starlette.routing import Router

from services.auth.keys import SigningKeys
from services.auth.service import AuthService
from services.auth.sessions import Sessions
from services.auth.settings import AuthSettings
from services.auth.telegram import TelegramUser, read_init_data
from services.common.calls import Admission, Answer, Body, Call, Request, build_app, check_text
from services.common.database import Database
from services.common.errors import STORABLE, ErrorBody, invalid
from services.common.http import HealthReport, health_report
from services.common.metrics import metrics_call
from services.common.openapi import Parameter
from services.common.tokens import TokenVerifier, bearer, identify, require_administrator, required_jti, revoked

VERSION = "1.0.0"

Json = dict[str, Any]


_NOT_BLANK = {"allOf": [STORABLE, {"pattern": "\\S"}]}


class DevLogin(Struct):
    """Body of ``POST /auth/login``."""

    telegram_id: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    username: Annotated[str, Meta(min_length=1, max_length=255, extra_json_schema=_NOT_BLANK)]


class ServiceCredentials(Struct):
    """Body of ``POST /auth/service-token``."""

    service: Annotated[str, Meta(max_length=255)]
    secret: Annotated[str, Meta(max_length=1024)]


class User(Struct):
    """A user as a login's answer tells of them."""

    id: UUID
    telegram_id: int
    username: str | None
    first_name: str
    last_name: str | None
    language_code: str | None
    is_premium: bool
    photo_url: str | None
    is_new_user: bool


class LoggedIn(Struct):
    """Answer of a login."""

    success: bool
    token: str
    expires_at: datetime
    user: User


class ServiceToken(Struct):
    """Answer of ``POST /auth/service-token``."""

    success: bool
    token: str
    expires_at: datetime


class LoggedOut(Struct):
    """Answer of ``POST /auth/logout``."""

    success: bool


class Rotated(Struct):
    """Answer of ``POST /auth/keys/rotate``: the new key's id."""

    success: bool
    kid: str


class Jwk(Struct):
    """A public key as a JSON Web Key."""

    kty: Literal["RSA"]
    use: Literal["sig"]
    alg: Literal["RS256"]
    kid: str
    n: str
    e: str


class Jwks(Struct):
    """Answer of ``GET /jwks``."""

    keys: list[Jwk]


class AuthGate:
    """Who may call: everybody up to the login limit, owners of a live token, administrators."""

    def __init__(self, verifier: TokenVerifier, sessions: Sessions, service: AuthService, database: Database) -> None:
        self._verifier = verifier
        self._sessions = sessions
        self._service = service
        self._database = database

    async def login(self, request: Request) -> None:
        """Count the login against the limit of the caller's address."""
        await self._service.admit("login", request.client_host)

    async def owner(self, request: Request) -> None:
        """Let in the owner of a live token, after the checks of section 3."""
        claims = await self._verifier.verify(bearer(request.authorization))
        jti = required_jti(claims)
        if await self._sessions.is_revoked(jti, claims):
            raise revoked()
        state = request.state
        state["caller"] = identify(claims)
        state["user_id"] = state["caller"].user_id
        state["claims"], state["jti"] = claims, jti

    async def administrator(self, request: Request) -> None:
        """Let in administrators only."""
        await self.owner(request)
        await require_administrator(request.state["caller"], self._database)


def login_calls(settings: AuthSettings, service: AuthService, gate: AuthGate) -> list[Call]:
    """The logins that the settings allow."""

    async def dev_login(request: Request, body: DevLogin) -> Json:
        check_text("username", body.username)
        if not body.username.strip():
            raise invalid("username", "must not be blank")
        return await _log_in(request, TelegramUser(body.telegram_id, body.username, body.username))

    async def telegram_login(request: Request) -> Json:
        raw = request.header(b"x-telegram-init-data")
        return await _log_in(request, read_init_data(raw, settings.telegram_bot_token or ""))

    async def _log_in(request: Request, user: TelegramUser) -> Json:
        answer = await service.log_in(user)
        request.state["user_id"] = answer["user"]["id"]
        return answer

    refuses = dict.fromkeys((403, 429), ErrorBody)
    dev = Call("POST", "/auth/login", dev_login, LoggedIn, "Log in while developing", Body(DevLogin), gate.login,
               refuses=refuses)  # fmt: skip
    init_data = Parameter("X-Telegram-Init-Data", "header", {"type": "string"}, required=True)
    telegram = Call("POST", "/auth", telegram_login, LoggedIn, "Log in with Telegram's init data", guard=gate.login,
                    parameters=(init_data,), refuses={401: ErrorBody} | refuses)  # fmt: skip
    allowed = [(dev, settings.auth_dev_login), (telegram, bool(settings.telegram_bot_token))]
    return [login for login, is_allowed in allowed if is_allowed]


def token_calls(service: AuthService, gate: AuthGate) -> list[Call]:
    """Tokens of services, the end of a token, and new keys."""

    async def service_token(request: Request, body: ServiceCredentials) -> Json:
        return await service.service_token(body.service, body.secret, request.client_host)

    async def log_out(request: Request) -> Json:
        await service.log_out(request.state["claims"], request.state["jti"])
        return {"success": True}

    async def rotate_keys(_: Request) -> Json:
        return {"success": True, "kid": (await service.rotate_keys()).kid}

    credentials = Body(ServiceCredentials)
    return [
        Call("POST", "/auth/service-token", service_token, ServiceToken, "A token for another service", credentials,
             refuses={401: ErrorBody, 429: ErrorBody}),
        Call("POST", "/auth/logout", log_out, LoggedOut, "Revoke the caller's own token", guard=gate.owner,
             access=("player", "service", "administrator")),
        Call("POST", "/auth/keys/rotate", rotate_keys, Rotated, "A new signing key", guard=gate.administrator,
             access=("administrator",)),
    ]  # fmt: skip


def key_calls(keys: SigningKeys) -> list[Call]:
    """The public keys."""

    async def jwks(_: Request) -> Json:
        return {"keys": [key.public_jwk() for key in keys.published()]}

    async def public_key(_: Request) -> Answer:
        return Answer(keys.current().public_pem().encode(), media_type=b"text/plain; charset=utf-8")

    return [
        Call("GET", "/jwks", jwks, Jwks, "The public keys"),
        Call("GET", "/public-key.pem", public_key, str, "The current public key", media_type="text/plain"),
    ]


def probe_calls(database: Database, sessions: Sessions) -> list[Call]:
    """What is for whoever runs the service: its health and its metrics."""

    async def health(_: Request) -> Answer:
        answers = await asyncio.gather(database.answers(), sessions.answers())
        status, body = health_report(
            VERSION, dict(zip(("postgres", "redis"), answers, strict=True)), ready=all(answers)
        )
        return Answer(body, status)

    what = "Whether the service and what it needs answer"
    probe = Call("GET", "/health", health, HealthReport, what, refuses={503: HealthReport})
    return [probe, metrics_call()]


def auth_app(calls: Sequence[Call], admission: Admission) -> Router:
    """Build one listener's application."""
    return build_app("auth-service", VERSION, calls, admission)
