"""The calls of a service: who may make them, what they take and give, and how refusals are answered.

Starlette's router finds the path; the rest is as little as the contract allows, because it stands in the way of every
request: no content negotiation, no dependency injection, no middleware.
"""

import asyncio
import functools
import logging
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.routing import Route, Router

from services.common.admission import Turnstile
from services.common.edge import WHOLE
from services.common.errors import Refusal, invalid, is_storable
from services.common.openapi import JSON, Parameter, describe
from services.common.strict import Id, NotStrictError, strict_json, usual_uuid

MAX_BODY = 1024 * 1024
DESCRIPTION_PATH = "/openapi/openapi.json"

log = logging.getLogger(__name__)

T = TypeVar("T")
AnyBytes = TypeVar("AnyBytes", bytes, bytearray)
Headers = Mapping[str, str]

_JSON = b"application/json"
_FIELD = re.compile(r" - at `\$\.?(.*)`$")
_MISSING = re.compile(r"missing required field `([^`]+)`")
_encode = msgspec.json.Encoder().encode


class Request:
    """One request, as far as calls need to look at it. ``state`` is what its guard has found out."""

    __slots__ = ("_body_seconds", "_receive", "_scope", "state")

    def __init__(self, scope: Any, receive: Any, body_seconds: float = 30.0) -> None:
        self._scope = scope
        self._receive = receive
        self._body_seconds = body_seconds
        self.state: dict[str, Any] = scope["state"]

    @property
    def authorization(self) -> str | None:
        """The ``Authorization`` header; several are joined, as HTTP has it, and so are good for nothing."""
        given = [value for key, value in self._scope["headers"] if key == b"authorization"]
        return b", ".join(given).decode("latin-1") if given else None

    @property
    def client_host(self) -> str:
        """The address that the connection came from."""
        return self._scope["client"][0] if self._scope.get("client") else "unknown"

    def header(self, name: bytes) -> str | None:
        """Return the first header of a name in lower case, or None."""
        for key, value in self._scope["headers"]:
            if key == name:
                found: str = value.decode("latin-1")
                return found
        return None

    def query(self, name: str, default: str) -> str:
        """Return the first parameter of a name in the query, percent signs decoded."""
        return _parameters(self._scope["query_string"]).get(name, default)

    def parameter(self, name: str) -> str:
        """Return a part of the path."""
        return str(self._scope["path_params"][name])

    async def body(self) -> bytes:
        """Return the whole body. Raises Refusal 413 for one over 1 MiB, 408 for one that takes too long."""
        if WHOLE in self.state:
            return await self._read()
        try:
            async with asyncio.timeout(self._body_seconds):
                return await self._read()
        except TimeoutError:
            raise Refusal(408, "request_timeout", "the body took too long", headers={"Connection": "close"}) from None

    async def _read(self) -> bytes:
        length = self.header(b"content-length")
        if length is not None and length.isdecimal() and int(length) > MAX_BODY:
            raise _too_large()
        message = await self._receive()
        if not message.get("more_body") and message["type"] == "http.request":
            return _checked(bytes(message["body"]))
        parts = bytearray(message.get("body", b""))
        while message["type"] == "http.request" and message.get("more_body"):
            _checked(parts)
            message = await self._receive()
            parts += message.get("body", b"")
        if message["type"] == "http.disconnect":
            # Nobody is there to read it; the status only keeps the caller's fault out of our error rate.
            raise Refusal(499, "client_closed_request", "the client hung up before its request was complete")
        return _checked(bytes(parts))


@functools.lru_cache(256)
def _parameters(query: bytes) -> dict[str, str]:
    # Backwards, so that the first of several with one name counts.
    return dict(reversed(parse_qsl(query.decode("latin-1"), keep_blank_values=True)))


def _checked(content: AnyBytes) -> AnyBytes:
    if len(content) > MAX_BODY:
        raise _too_large()
    return content


def _too_large() -> Refusal:
    return Refusal(413, "body_too_large", "the body is larger than 1 MiB")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is something else than a 200 with a JSON body. ``content`` is encoded unless it is bytes."""

    content: Any
    status: int = 200
    headers: Headers = field(default_factory=dict)
    media_type: bytes = _JSON


def _own_type(kind: type, value: Any) -> Any:
    if kind is Id and isinstance(value, str):
        return usual_uuid(value)
    raise ValueError("Invalid UUID")


class Body(Generic[T]):
    """Decodes a JSON body without any leniency: ``"5"``, ``1.5`` and ``true`` are no integers."""

    def __init__(self, kind: type[T]) -> None:
        self.kind = kind
        self._decode = msgspec.json.Decoder(kind, dec_hook=_own_type).decode

    def decode(self, raw: bytes) -> T:
        """Return the body as its model. Raises Refusal 400 naming the field."""
        try:
            decoded = self._decode(raw)
            # msgspec skips what it does not know without looking at it, and takes the last of several.
            strict_json(raw)
        except NotStrictError as error:
            raise invalid(error.member or "body", str(error)) from None
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise describe_bad_body(str(error)) from None
        return decoded


def describe_bad_body(complaint: str) -> Refusal:
    """Turn msgspec's complaint into a 400 that names the field."""
    where = _FIELD.search(complaint)
    problem = _FIELD.sub("", complaint)
    missing = _MISSING.search(complaint)
    parts = [p for p in ((where.group(1) if where else ""), (missing.group(1) if missing else "")) if p]
    return invalid(".".join(parts) or "body", problem)


def check_text(name: str, value: str | None) -> None:
    """Refuse text that PostgreSQL cannot hold. Raises Refusal 400."""
    if value is not None and not is_storable(value):
        raise invalid(name, "must not contain the NUL character or half of a surrogate pair")


@dataclass(frozen=True)
class Call:
    """One call: ``answer(request)``, or ``answer(request, body)`` where it takes one.

    ``guard`` runs before the body is read, so a stranger learns nothing about it. For the description: ``gives`` is the
    type of a 200's body and ``refuses`` that of other statuses, ``access`` who may call (None: anybody the network
    lets through).
    """

    method: str
    path: str
    answer: Callable[..., Awaitable[Any]]
    gives: Any
    summary: str
    takes: Body[Any] | None = None
    guard: Callable[[Request], Awaitable[None]] | None = None
    parameters: tuple[Parameter, ...] = ()
    access: tuple[str | None, ...] = ()
    refuses: Mapping[int, Any] = field(default_factory=dict)
    media_type: str = JSON


@dataclass(frozen=True)
class Admission:
    """How many calls of a process may be under way, probes and keys aside, and how long a body may take."""

    calls: Turnstile = field(default_factory=lambda: Turnstile(400, 0, 0.0))
    body_seconds: float = 30.0


class Endpoint:
    """The calls of one path, as an ASGI application."""

    def __init__(self, path: str, calls: Sequence[Call], admission: Admission) -> None:
        self._path = path
        self._admission = admission
        self._calls = {call.method: call for call in calls}
        if "GET" in self._calls:
            # The server leaves out the body of the answer.
            self._calls.setdefault("HEAD", self._calls["GET"])

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # The pattern, for metrics: raw paths would make a series of each id.
        scope["path_template"] = self._path
        try:
            answer = await self._answer(Request(scope, receive, self._admission.body_seconds), scope["method"])
        except Refusal as refusal:
            answer = Answer(refusal.body, refusal.status, refusal.headers)
        except Exception as error:
            # The log has the trace, the caller does not.
            log.error("request failed", exc_info=error)
            answer = Answer({"error": "internal_error", "message": "the service failed; the log knows why"}, 500)
        await respond(send, answer)

    async def _answer(self, request: Request, method: str) -> Any:
        call = self._calls.get(method)
        if call is None:
            allowed = {"Allow": ", ".join(sorted(self._calls))}
            raise Refusal(405, "method_not_allowed", f"this path knows no {method}", headers=allowed)
        if call.guard is None and call.takes is None:
            # Whoever wants to know how a busy service is has to be told.
            return await call.answer(request)
        await self._admission.calls.enter()
        try:
            if call.guard is not None:
                await call.guard(request)
            if call.takes is None:
                return await call.answer(request)
            return await call.answer(request, call.takes.decode(await request.body()))
        finally:
            self._admission.calls.leave()


async def respond(send: Any, answer: Any) -> None:
    """Send an answer, or the body of a 200."""
    status, media_type = 200, _JSON
    more: Sequence[tuple[bytes, bytes]] = ()
    if isinstance(answer, Answer):
        status, media_type = answer.status, answer.media_type
        more = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
        answer = answer.content
    content = answer if isinstance(answer, bytes) else _encode(answer)
    headers = [(b"content-type", media_type), (b"content-length", b"%d" % len(content)), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _answer_unknown_path(_: Any, __: Any, send: Any) -> None:
    await respond(send, Answer({"error": "not_found", "message": "there is no such path"}, 404))


def build_app(title: str, version: str, calls: Sequence[Call], admission: Admission | None = None) -> Router:
    """Build one listener's application; it describes its calls in OpenAPI under ``/openapi/openapi.json``."""
    description = _encode(describe(title, version, calls))

    async def openapi(_: Request) -> bytes:
        return description

    described = Call("GET", DESCRIPTION_PATH, openapi, dict[str, Any], "This description")
    by_path: dict[str, list[Call]] = defaultdict(list)
    for call in (*calls, described):
        by_path[call.path].append(call)
    admission = admission or Admission()
    routes = [Route(path, Endpoint(path, of_path, admission)) for path, of_path in by_path.items()]
    return Router(routes, redirect_slashes=False, default=_answer_unknown_path)
