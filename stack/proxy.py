"""A TCP proxy on loopback that can be slow, silent or dead: trouble on demand for whoever connects through it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")
HOST = "127.0.0.1"
_CHUNK = 65536
# How many of the answers break off where some do.
_BROKEN = 0.2


class TroubleProxy:
    """Forwards connections to a loopback port until it is told otherwise. Runs in a thread of its own.

    ``delay`` is how many seconds each block of an answer is held back. ``paused`` holds everything back, as a process
    does that was stopped. ``cut`` closes all connections, and new ones at once. ``forget`` leaves those that there are
    open and dead, as a router does that has lost its table; ``break_off`` lets some answers come in half, and their
    connections say nothing more.
    """

    def __init__(self, target_port: int) -> None:
        self._target = target_port
        self._delay = 0.0
        self._unevenly = False
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        # Clients of connections that nothing comes through any more.
        self._dead: set[asyncio.StreamWriter] = set()
        self._breaking = False
        self._cut = False
        self._loop = asyncio.new_event_loop()
        self._flowing = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, name="trouble-proxy", daemon=True)
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._serve, HOST, 0))
        self._call(self._flow(True))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def _call(self, work: Awaitable[T]) -> T:
        async def run() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    async def _flow(self, flowing: bool) -> None:
        (self._flowing.set if flowing else self._flowing.clear)()

    def behave(self) -> None:
        """Forward everything at once again; connections that are dead stay so."""
        self._cut = False
        self._breaking = False
        self._delay = 0.0
        self._call(self._flow(True))

    def slow_down(self, seconds: float, unevenly: bool = False) -> None:
        """Hold each block of an answer back for so long, or unevenly for up to twice as long."""
        self._delay, self._unevenly = seconds, unevenly

    def pause(self) -> None:
        """Forward nothing, and keep connections open."""
        self._call(self._flow(False))

    def cut(self) -> None:
        """Close all connections, and new ones at once."""
        self._cut = True
        self._call(self._close_all())

    def forget(self) -> None:
        """Forward nothing of the connections that there are, and close none of them; new ones are as good as ever."""
        self._call(self._forget())

    async def _forget(self) -> None:
        self._dead = set(self._open)

    def break_off(self) -> None:
        """Forward half of some answers, and nothing more of their connections."""
        self._breaking = True

    @property
    def has_broken_off(self) -> bool:
        """Whether a connection that is open has been broken off, or forgotten."""
        return bool(self._dead & self._open)

    async def _close_all(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    def close(self) -> None:
        """Close everything and end the thread."""
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        await self._close_all()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        self._open.add(writer)
        try:
            if self._cut:
                return
            upstream, downstream = await asyncio.open_connection(HOST, self._target)
            self._open.add(downstream)
            try:
                await asyncio.gather(
                    self._pump(reader, downstream, writer), self._pump(upstream, writer, writer, answers=True)
                )
            finally:
                self._open.discard(downstream)
                downstream.transport.abort()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(writer)
            self._dead.discard(writer)
            if task is not None:
                self._tasks.discard(task)
            writer.transport.abort()

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, client: asyncio.StreamWriter,
        answers: bool = False,
    ) -> None:  # fmt: skip
        while block := await source.read(_CHUNK):
            await self._flowing.wait()
            if client in self._dead:
                continue
            if answers and self._delay:
                await asyncio.sleep(self._delay * (2 * random.random() if self._unevenly else 1))
            if answers and self._breaking and random.random() < _BROKEN:
                self._dead.add(client)
                block = block[: len(block) // 2]
            sink.write(block)
            await sink.drain()
        with contextlib.suppress(OSError, RuntimeError):
            sink.write_eof()
