"""A private stack behind proxies, and the troubles that can be made there, each with its end."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import httpx
import redis

from monitoring.traffic import Traffic, connection, gather
from stack.client import ExtraInventory, spawn_extra_inventory, start_or_join, stop, stop_extra
from stack.places import checkout_key, places
from stack.ports import Ports
from stack.processes import key_of
from stack.proxy import TroubleProxy
from stack.state import Spec, State

PLAYERS = 6
_CACHE = 1
# Longer than every latency limit, shorter than the database's time limit.
_LATENCY = 2.6
# Longer than the objective for reads, shorter than the time limit for Redis.
_REDIS_LATENCY = 0.7
# Slow calls come less often: without more of them the quick ones of before would outnumber them for minutes.
_MORE_READS = 60
# A database that says nothing is noticed when calls give up, so there must be some that do at any time.
_WAITING_READS = 15
_SETTINGS = {
    "DB_TIMEOUT_SECONDS": "6",
    # Otherwise nobody would ever wait for long.
    "DB_HANG_SECONDS": "60",
    "DB_WAIT_SECONDS": "6",
    "DB_POOL_SIZE": "12",
    "REDIS_TIMEOUT_SECONDS": "2",
    "LEDGER_CHECK_SECONDS": "1",
}
_DEBT = """
INSERT INTO inventory.operations (user_id, section_id, item_id, collection_id, quality_level_id, quantity_change,
                                  operation_type_id, operation_id)
SELECT user_id, inventory.code_id('inventory_section', 'trade'), item_id, collection_id, quality_level_id, %s,
       operation_type_id, gen_random_uuid()
FROM inventory.operations WHERE user_id = %s LIMIT 1
"""


def private_stack() -> State:
    """Start a stack of our own, also when one is up in this checkout: what follows would spoil it for others."""
    me = key_of(os.getpid())
    return start_or_join(places(), Spec(f"run-{checkout_key()}-{me.pid}-{me.start_time}-monitoring", me, me))


class WatchedStack:
    """One inventory-service whose database and Redis are reached through proxies, with traffic on it."""

    def __init__(self) -> None:
        self.state = private_stack()
        self.database = TroubleProxy(self.state.postgres.port)
        self.redis = TroubleProxy(self.state.redis.port)
        self._metrics_port = Ports().take("metrics")
        self._flusher: threading.Event | None = None
        self.cast = gather(self.state, PLAYERS)
        self.service: ExtraInventory = self._spawn()
        self.traffic = Traffic(self.cast, self.service.info.public_url)
        self._ends: list[Callable[[], None]] = []
        self.troubles: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
            "service killed": (self._kill, self._bring_back),
            "database slow": (lambda: self.database.slow_down(_LATENCY), self.database.behave),
            "redis slow": (self._slow_reads, self._relief),
            "database paused": (self._pause, self._relief),
            "database unreachable": (self.database.cut, self.database.behave),
            "redis unreachable": (self.redis.cut, self.redis.behave),
            "cache flushed": (self._flush, self._stop_flushing),
            "items below zero": (lambda: self._debt(-1), lambda: self._debt(1)),
        }

    @property
    def target(self) -> str:
        """Host and port that Prometheus scrapes."""
        return f"127.0.0.1:{self._metrics_port}"

    def metrics(self) -> str:
        """Return what the service's ``/metrics`` says now."""
        return httpx.get(f"http://{self.target}/metrics", trust_env=False).text

    def _spawn(self) -> ExtraInventory:
        settings = {
            **_SETTINGS, "DB_PORT": str(self.database.port), "REDIS_PORT": str(self.redis.port),
            "METRICS_PORT": str(self._metrics_port),
        }  # fmt: skip
        return spawn_extra_inventory(self.state, settings)

    def begin(self, trouble: str) -> None:
        """Make a trouble. Raises KeyError when it is not known."""
        start, end = self.troubles[trouble]
        self._ends.append(end)
        start()

    def end(self) -> None:
        """End the trouble, if there is one."""
        while self._ends:
            self._ends.pop()()

    def _kill(self) -> None:
        self.service.process.send_signal(signal.SIGKILL)
        self.service.process.wait(5)

    def _bring_back(self) -> None:
        self.service = self._spawn()
        self.traffic.url = self.service.info.public_url

    def _slow_reads(self) -> None:
        self.redis.slow_down(_REDIS_LATENCY)
        self.traffic.more_reads = _MORE_READS

    def _pause(self) -> None:
        self.database.pause()
        self.traffic.more_reads = _WAITING_READS

    def _relief(self) -> None:
        self.traffic.more_reads = 0
        self.redis.behave()
        self.database.behave()

    def _flush(self) -> None:
        over = threading.Event()
        self._flusher = over
        port = self.state.redis.port

        def run() -> None:
            with contextlib.closing(redis.Redis(port=port, db=_CACHE)) as cache:
                while not over.wait(0.02):
                    cache.flushdb()

        threading.Thread(target=run, name="flusher", daemon=True).start()

    def _stop_flushing(self) -> None:
        if self._flusher is not None:
            self._flusher.set()

    def _debt(self, change: int) -> None:
        with contextlib.closing(connection(self.state)) as data:
            cursor: Any = data.cursor()
            cursor.execute(_DEBT, (change * 1000, self.cast.players[0].user_id))

    def close(self) -> None:
        """Stop the traffic, the service, the proxies and the stack."""
        self.end()
        self.traffic.stop()
        stop_extra(self.service)
        for proxy in (self.database, self.redis):
            proxy.close()
        stop(self.state)
