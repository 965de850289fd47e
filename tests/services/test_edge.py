"""What stands between the network and the calls, on a listener of the test's own (contract 6.5)."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest
import uvloop

from services.common import edge
from services.common.http import ACCEPTS_A_ROUND, Listener, serve
from services.common.settings import ServiceSettings

REQUEST = b"GET /calls HTTP/1.1\r\nHost: here\r\n\r\n"
SETTINGS = ServiceSettings(
    db_host="x", db_port=1, db_name="x", db_user="x", db_password="x", redis_host="x", redis_port=1, drain_seconds=0.0
)
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Calls:
    """An application that answers every call, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self, _scope: dict[str, Any], _receive: object, send: Send) -> None:
        self.count += 1
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


def beside_a_listener(
    caplog: pytest.LogCaptureFixture,
    is_full: Callable[[], bool],
    act: Callable[[tuple[str, int], Calls], Coroutine[Any, Any, None]],
) -> None:
    """Serve on a free port, do something, and stop as a signal would."""
    calls = Calls()

    async def run() -> None:
        serving = asyncio.create_task(serve([Listener(calls, "127.0.0.1", 0, "X", is_full=is_full)], SETTINGS))
        try:
            while not (told := [r for r in caplog.records if r.message == "serving"]):  # noqa: ASYNC110
                await asyncio.sleep(0)
            host, _, port = told[0].__dict__["fields"]["addresses"][0].rpartition(":")
            await asyncio.wait_for(act((host, int(port)), calls), 20)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(serving, 20)

    with caplog.at_level(logging.INFO, "services.common.http"):
        uvloop.run(run())


async def status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line.split()[1]) for line in head.lower().splitlines() if line.startswith(b"content-length")), 0)
    await reader.readexactly(length)
    return int(head.split()[1])


def test_who_was_told_to_come_again_is_read_on_after_a_rest(caplog: pytest.LogCaptureFixture) -> None:
    full = [True]

    async def act(address: tuple[str, int], calls: Calls) -> None:
        loop = asyncio.get_running_loop()
        reader, writer = await asyncio.open_connection(*address)
        writer.write(REQUEST)
        assert await status(reader) == 503
        refused = loop.time()
        full[0] = False
        writer.write(REQUEST)
        # Meanwhile others are served.
        other, ask = await asyncio.open_connection(*address)
        ask.write(REQUEST)
        assert (await status(other), calls.count) == (200, 1)
        assert (await status(reader), calls.count) == (200, 2)
        assert loop.time() - refused > edge.REST_SECONDS / 2
        writer.close()
        ask.close()

    beside_a_listener(caplog, lambda: full[0], act)


def test_many_new_callers_do_not_wait_for_one_another(caplog: pytest.LogCaptureFixture) -> None:
    many = 4 * ACCEPTS_A_ROUND

    async def act(address: tuple[str, int], calls: Calls) -> None:
        # Nothing is awaited meanwhile: all stand at the door at once.
        lines = [socket.create_connection(address) for _ in range(many)]
        for line in lines:
            line.sendall(REQUEST)
        rounds = 0
        while calls.count < many:
            await asyncio.sleep(0)
            rounds += 1
        for line in lines:
            line.close()
        assert rounds < many / 2

    beside_a_listener(caplog, lambda: False, act)
