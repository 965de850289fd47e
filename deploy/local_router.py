"""A small loopback HTTP router before the versions of a service: ``python -m deploy.local_router PORT FILE``.

FILE is JSON, ``{"version", "url"}``; SIGHUP makes the router read it again. A request stays with the version that it
began with, so a switch fails none; ``GET /.router`` tells the version and how many requests each one still answers.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections import Counter
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from deploy import STATUS_PATH

HOST = "127.0.0.1"
_SECONDS = 35.0
# Of one connection only, so not to be passed on (RFC 9110, section 7.6.1).
_HOP_BY_HOP = {b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"proxy-connection"}

Message = MutableMapping[str, Any]


@dataclass(frozen=True)
class Upstream:
    """A version and where it listens."""

    version: str
    url: str


def read_upstream(file: Path) -> Upstream:
    """Read the switch file. Raises ValueError, KeyError or OSError when it is not whole."""
    content = json.loads(file.read_text("utf-8"))
    return Upstream(str(content["version"]), str(content["url"]).rstrip("/"))


class Router:
    """The ASGI application that passes requests on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.upstream = read_upstream(file)
        self.in_flight: Counter[str] = Counter()
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=200, keepalive_expiry=5.0)
        self._client = httpx.AsyncClient(limits=limits, timeout=_SECONDS, trust_env=False)

    def reload(self) -> None:
        """Send new requests where the switch file says; a file that cannot be read changes nothing."""
        try:
            self.upstream = read_upstream(self._file)
        except (OSError, ValueError, KeyError) as error:
            print(f"error: {self._file} is not understood, {self.upstream.version} stays: {error}", file=sys.stderr)

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        if scope["path"] == STATUS_PATH:
            status = {"version": self.upstream.version, "in_flight": +self.in_flight}
            await _answer(send, 200, status)
            return
        upstream = self.upstream
        self.in_flight[upstream.version] += 1
        try:
            await self._pass_on(upstream, scope, receive, send)
        finally:
            self.in_flight[upstream.version] -= 1

    async def _pass_on(self, upstream: Upstream, scope: Message, receive: Any, send: Any) -> None:
        body = await _whole_body(receive)
        path = scope["raw_path"].decode("ascii")
        query = scope["query_string"].decode("ascii")
        request = self._client.build_request(
            scope["method"],
            f"{upstream.url}{path}{'?' if query else ''}{query}",
            headers=[(name, value) for name, value in scope["headers"] if name not in _HOP_BY_HOP],
            content=body,
        )
        try:
            answer = await self._client.send(request, stream=True)
        except httpx.HTTPError as error:
            problem = f"{upstream.version} does not answer: {type(error).__name__}"
            await _answer(send, 502, {"error": "bad_gateway", "message": problem})
            return
        try:
            headers = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in _HOP_BY_HOP]
            await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
            async for chunk in answer.aiter_raw():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await answer.aclose()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()


async def _whole_body(receive: Any) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _answer(send: Any, status: int, body: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


async def serve(port: int, file: Path) -> None:
    """Serve on the loopback port until SIGTERM, then answer what is under way."""
    router = Router(file)
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, router.reload)
    config = uvicorn.Config(
        router,
        host=HOST,
        port=port,
        lifespan="off",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=75,
        server_header=False,
        date_header=False,
        ws="none",
        interface="asgi3",
    )
    try:
        await uvicorn.Server(config).serve()
    finally:
        await router.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
