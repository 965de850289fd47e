"""HTTP plumbing of both services: request ids, access log, listeners, graceful stop."""

import asyncio
import contextlib
import errno
import logging
import random
import re
import signal
import socket
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import uvicorn
from msgspec import Struct

from services.common import logs
from services.common.settings import stop

DRAIN_SECONDS = 20

Observe = Callable[[str, str, int, float], None]

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._:/@+=-]{1,128}")


def new_request_id() -> str:
    """Return an id in the form of a UUID; it has to be unlike all others, not hard to guess, so no system call."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


class Observed:
    """Outermost layer: gives each request its id, counts and times it, and writes its line in the log.

    ``observe(method, endpoint, status, seconds)`` is called once a request; ``endpoint`` is the route's pattern.
    ``in_flight`` is how many requests are under way.
    """

    def __init__(self, app: Any, observe: Observe | None) -> None:
        self._app = app
        self._observe = observe
        self.in_flight = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"x-request-id"), "")
        current = given if _ACCEPTABLE_ID.fullmatch(given) else new_request_id()
        token = logs.request_id.set(current)
        started = time.perf_counter()
        status = 500

        async def send_with_id(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", current.encode("latin-1"))]
            await send(message)

        self.in_flight += 1
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self.in_flight -= 1
            seconds = time.perf_counter() - started
            if self._observe is not None:
                self._observe(scope["method"], scope.get("path_template", "unmatched"), status, seconds)
            logs.write(
                logging.ERROR if status >= 500 else logging.INFO,
                "request answered",
                {
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": status,
                    "duration_ms": round(seconds * 1000, 3),
                    "user_id": scope.get("state", {}).get("user_id"),
                },
            )
            logs.request_id.reset(token)


class HealthReport(Struct):
    """Answer of a health probe, healthy or not."""

    status: Literal["healthy", "unhealthy"]
    timestamp: datetime
    version: str
    dependencies: dict[str, Literal["healthy", "unhealthy"]]


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


async def serve(listeners: Sequence[Listener], trusted_proxies: str = "") -> None:
    """Serve until SIGTERM or SIGINT, then answer what is under way and return.

    What ``X-Forwarded-For`` says counts where a trusted proxy (addresses and networks, commas between) has sent it.
    """
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
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=trusted_proxies,
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
