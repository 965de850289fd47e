"""HTTP plumbing of both services: request ids, access log, listeners, graceful stop."""

import asyncio
import contextlib
import errno
import functools
import logging
import re
import resource
import signal
import socket
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

import uvicorn
from msgspec import Struct

from services.common import edge, logs
from services.common.edge import Limits, new_request_id
from services.common.settings import ServiceSettings, stop

DRAIN_SECONDS = 20
# The event loop takes one new connection of each socket at a time, between which a busy service does much else: whoever
# comes new, such as a probe, would wait for seconds behind a crowd.
ACCEPTS_A_ROUND = 16

Observe = Callable[[str, str, int, float], None]

# What begins like a JWT is none of ours to write down.
_ACCEPTABLE_ID = re.compile(r"(?!.*eyJ)[A-Za-z0-9._:/@+=-]{1,128}")


@dataclass
class Life:
    """Whether this process is about to end: then each answer says so, and nobody sends another request in vain."""

    is_leaving: bool = False


life = Life()


def write_line(method: str, path: str, status: int, seconds: float, user_id: Any) -> None:
    """Write a request's line in the log."""
    logs.write(
        logging.ERROR if status >= 500 else logging.INFO,
        "request answered",
        {
            "method": method,
            "path": path,
            "status": status,
            "duration_ms": round(seconds * 1000, 3),
            "user_id": user_id,
        },
    )


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
                if life.is_leaving:
                    message["headers"].append((b"connection", b"close"))
            await send(message)

        self.in_flight += 1
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self.in_flight -= 1
            seconds = time.perf_counter() - started
            pattern = scope.get("path_template", "unmatched")
            if self._observe is not None:
                self._observe(scope["method"], pattern, status, seconds)
            path = pattern if pattern == scope["path"] else logs.harmless(scope["path"])
            write_line(scope["method"], path, status, seconds, scope.get("state", {}).get("user_id"))
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
    """An application and the address it is served on; ``observe`` counts what never got to the application.

    ``is_full`` says whether a further call would be refused.
    """

    app: Any
    host: str
    port: int
    setting: str
    observe: Observe | None = None
    is_full: Callable[[], bool] = lambda: False

    def refused(self, status: int, request_id: str, seconds: float) -> None:
        """Count and log a refusal that the application has not seen."""
        if self.observe is not None:
            self.observe("other", "unmatched", status, seconds)
        token = logs.request_id.set(request_id)
        write_line("other", "", status, seconds, None)
        logs.request_id.reset(token)


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


def _allow_open_files() -> None:
    """Connections are files, of which a process may open few unless it asks for more."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def serve(listeners: Sequence[Listener], settings: ServiceSettings, trusted_proxies: str = "") -> None:
    """Serve until SIGTERM or SIGINT, then answer what is under way and return.

    What ``X-Forwarded-For`` says counts where a trusted proxy (addresses and networks, commas between) has sent it.
    """
    _allow_open_files()
    limits = Limits(
        settings.max_header_bytes,
        settings.header_seconds,
        settings.body_seconds,
        settings.idle_seconds,
        settings.max_connections,
    )
    sockets = [bind(listener) for listener in listeners]
    servers = [
        _Server(
            uvicorn.Config(
                listener.app,
                lifespan="off",
                access_log=False,
                log_config=None,
                # A protocol for each connection is made by calling it, like the class that its type asks for.
                http=functools.partial(edge.Edge, replace(limits, is_full=listener.is_full), listener.refused),  # type: ignore[arg-type]
                timeout_keep_alive=settings.idle_seconds,  # type: ignore[arg-type]  # parts of a second will do
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

    stopping = asyncio.Event()

    async def leave() -> None:
        await stopping.wait()
        # Kept-alive connections are told with their next answer; who is quiet for a moment gets none.
        life.is_leaving = True
        deadline = loop.time() + settings.drain_seconds
        while loop.time() < deadline and any(server.server_state.connections for server in servers):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    addresses = [f"{s.getsockname()[0]}:{s.getsockname()[1]}" for s in sockets]
    logging.getLogger(__name__).info("serving", extra={"fields": {"addresses": addresses}})
    watches = [asyncio.create_task(edge.sweep(server.server_state.connections)) for server in servers]
    watches.append(asyncio.create_task(leave()))
    watched = [[sock, *(sock.dup() for _ in range(ACCEPTS_A_ROUND - 1))] for sock in sockets]
    await asyncio.gather(*(server.serve(sockets=same) for server, same in zip(servers, watched, strict=True)))
    for watch in watches:
        watch.cancel()
    logging.getLogger(__name__).info("stopped")
