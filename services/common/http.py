"""HTTP plumbing of both services: request ids, access log, error bodies, listeners, graceful stop."""

import asyncio
import contextlib
import errno
import logging
import re
import signal
import socket
import time
import uuid
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import msgspec
import uvicorn
from litestar import Litestar, Request, Response
from litestar.dto import AbstractDTO
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.types import Message

from services.common.errors import Refusal, invalid, is_storable
from services.common.logs import request_id
from services.common.settings import stop

MAX_BODY = 1024 * 1024
DRAIN_SECONDS = 20

log = logging.getLogger("access")

T = TypeVar("T")
Observe = Callable[[str, str, int, float], None]

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._:/@+=-]{1,128}")
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
_FIELD = re.compile(r" - at `\$\.?(.*)`$")
_MISSING = re.compile(r"missing required field `([^`]+)`")


class Observed:
    """Outermost layer: gives each request its id, counts and times it, and writes its line in the log.

    ``observe(method, endpoint, status, seconds)`` is called once a request; ``endpoint`` is the route's pattern.
    """

    def __init__(self, app: Any, observe: Observe | None, in_flight: Callable[[int], None] | None = None) -> None:
        self._app = app
        self._observe = observe
        self._in_flight = in_flight or (lambda _: None)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"x-request-id"), "")
        current = given if _ACCEPTABLE_ID.fullmatch(given) else str(uuid.uuid4())
        token = request_id.set(current)
        started = time.perf_counter()
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", current.encode("latin-1"))]
            await send(message)

        self._in_flight(1)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._in_flight(-1)
            seconds = time.perf_counter() - started
            endpoint = scope.get("path_template") or "unmatched"
            if self._observe is not None:
                self._observe(scope["method"], endpoint, status, seconds)
            if log.isEnabledFor(logging.INFO):
                log.log(
                    logging.ERROR if status >= 500 else logging.INFO,
                    "request answered",
                    extra={
                        "fields": {
                            "method": scope["method"],
                            "path": scope["path"],
                            "status": status,
                            "duration_ms": round(seconds * 1000, 3),
                            "user_id": scope.get("state", {}).get("user_id"),
                        }
                    },
                )
            request_id.reset(token)


class StrictBody(AbstractDTO[T], Generic[T]):
    """Decodes a JSON body without any leniency: ``"5"``, ``1.5`` and ``true`` are no integers."""

    def decode_bytes(self, value: bytes) -> Any:
        """Return the body as its model. Raises Refusal 400 naming the field."""
        try:
            return msgspec.json.decode(value, type=self.model_type)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise describe_bad_body(str(error)) from None

    def decode_builtins(self, value: dict[str, Any]) -> Any:
        """Not used: bodies are JSON."""
        raise NotImplementedError

    def data_to_encodable_type(self, data: Any) -> Any:
        """Not used: only bodies of requests are described this way."""
        raise NotImplementedError

    @classmethod
    def create_for_field_definition(cls, field_definition: Any, handler_id: str, backend_cls: Any = None) -> None:
        """Keep litestar from building a transfer model: the structs are the model."""

    @classmethod
    def create_openapi_schema(cls, field_definition: Any, handler_id: str, schema_creator: Any) -> Any:  # noqa: ARG003
        """Describe the struct itself."""
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def generate_field_definitions(cls, model_type: Any) -> Generator[Any, None, None]:  # noqa: ARG003
        """No fields of its own."""
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: Any) -> bool:  # noqa: ARG003
        """Nothing nested to transfer."""
        return False


def describe_bad_body(complaint: str) -> Refusal:
    """Turn msgspec's complaint into a 400 that names the field."""
    where = _FIELD.search(complaint)
    problem = _FIELD.sub("", complaint)
    missing = _MISSING.search(complaint)
    parts = [p for p in ((where.group(1) if where else ""), (missing.group(1) if missing else "")) if p]
    return invalid(".".join(parts) or "body", problem)


def check_text(field: str, value: str | None) -> None:
    """Refuse text that PostgreSQL cannot hold. Raises Refusal 400."""
    if value is not None and not is_storable(value):
        raise invalid(field, "must not contain the NUL character or half of a surrogate pair")


def answer_refusal(_: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """Answer a refusal with its body."""
    return Response(refusal.body, status_code=refusal.status, headers=refusal.headers)


def answer_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer the framework's own refusals in the contract's form."""
    if error.detail == "client disconnected prematurely":
        # Nobody is there to read it; the status only keeps the caller's fault out of our error rate.
        return Response({"error": "client_closed_request", "message": error.detail}, status_code=499)
    if error.status_code >= 500:
        return answer_failure(request, error)
    code = _CODES.get(error.status_code, "validation_failed" if error.status_code == 400 else "bad_request")
    if error.detail.startswith("Validation failed for"):
        return answer_refusal(request, invalid("body", "a JSON object is missing or a parameter has the wrong type"))
    return Response({"error": code, "message": error.detail}, status_code=error.status_code)


def answer_failure(_: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer what nobody foresaw; the log has the trace, the caller does not."""
    logging.getLogger(__name__).error("request failed", exc_info=error)
    return Response({"error": "internal_error", "message": "the service failed; the log knows why"}, status_code=500)


def build_app(title: str, version: str, handlers: Sequence[Any]) -> Litestar:
    """Build one listener's application, with refusals and failures answered in the contract's form."""
    return Litestar(
        handlers,
        exception_handlers={
            Refusal: answer_refusal,
            HTTPException: answer_http_exception,
            Exception: answer_failure,
        },
        openapi_config=OpenAPIConfig(title=title, version=version, path="/openapi"),
        logging_config=None,
        request_max_body_size=MAX_BODY,
        debug=False,
    )


def health_report(version: str, healthy: Mapping[str, bool], *, ready: bool) -> tuple[int, dict[str, Any]]:
    """Return the status and body of a health answer: the state of each dependency, and nothing else about it."""
    return (200 if ready else 503), {
        "status": "healthy" if ready else "unhealthy",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "version": version,
        "dependencies": {name: "healthy" if state else "unhealthy" for name, state in healthy.items()},
    }


@dataclass(frozen=True)
class Listener:
    """An application and the address it is served on."""

    app: Any
    host: str
    port: int
    setting: str


class _Server(uvicorn.Server):
    """Leaves signals to `serve`: uvicorn would raise them again after stopping and end the process with them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def bind(listener: Listener) -> socket.socket:
    """Open the listener's socket. Ends the process with one line when the port is not to be had."""
    sock = socket.socket(socket.AF_INET6 if ":" in listener.host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((listener.host, listener.port))
        sock.listen(2048)
    except OSError as error:
        why = "the port is taken" if error.errno == errno.EADDRINUSE else (error.strerror or str(error))
        stop(f"cannot listen on {listener.host}:{listener.port} ({listener.setting}): {why}; set another port", 1)
    sock.set_inheritable(False)
    return sock


async def serve(listeners: Sequence[Listener]) -> None:
    """Serve until SIGTERM or SIGINT, then answer what is under way and return."""
    sockets = [bind(listener) for listener in listeners]
    servers = [
        _Server(
            uvicorn.Config(
                listener.app,
                lifespan="off",
                access_log=False,
                log_config=None,
                loop="uvloop",
                http="httptools",
                timeout_keep_alive=75,
                timeout_graceful_shutdown=DRAIN_SECONDS,
                server_header=False,
                ws="none",
                proxy_headers=False,
                interface="asgi3",
            )
        )
        for listener in listeners
    ]

    def leave() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, leave)
    addresses = [f"{s.getsockname()[0]}:{s.getsockname()[1]}" for s in sockets]
    logging.getLogger(__name__).info("serving", extra={"fields": {"addresses": addresses}})
    await asyncio.gather(*(server.serve(sockets=[sock]) for server, sock in zip(servers, sockets, strict=True)))
    logging.getLogger(__name__).info("stopped")
