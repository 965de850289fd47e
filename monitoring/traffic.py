"""A little mixed traffic on one inventory-service, from a thread of its own, for alerts and dashboards to look at."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from stack import postgres
from stack.state import State

_PAUSE = 0.12
_TICK = 0.05
_PATIENCE = 30.0
_HISTORY = """
INSERT INTO inventory.operations (user_id, section_id, item_id, collection_id, quality_level_id, quantity_change,
                                  operation_type_id, operation_id, created_at)
SELECT %s, inventory.code_id('inventory_section', 'main'), %s, inventory.code_id('collection', 'base'),
       inventory.code_id('quality_level', 'base'), 1000, inventory.code_id('operation_type', 'system_reward'),
       gen_random_uuid(), now() - interval '2 days'
"""


@dataclass(frozen=True)
class Somebody:
    """A player."""

    user_id: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Cast:
    """Who calls, with which item."""

    players: tuple[Somebody, ...]
    service: dict[str, str]
    admin: dict[str, str]
    item: str


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def connection(state: State) -> Any:
    """Return a connection to the stack's own database, every statement a transaction."""
    return postgres.connect(state.postgres.port, state.load_secrets().db_password)


def gather(state: State, count: int) -> Cast:
    """Log players with history, a service and an administrator in at the stack."""
    secrets = state.load_secrets()
    with httpx.Client(base_url=state.auth.url, trust_env=False) as http, contextlib.closing(connection(state)) as data:
        cursor = data.cursor()
        cursor.execute("SELECT id FROM inventory.items ORDER BY id LIMIT 1")
        item = str(cursor.fetchone()[0])

        def log_in(number: int) -> Somebody:
            answer = http.post("/auth/login", json={"telegram_id": number, "username": f"watched{number}"})
            body = answer.raise_for_status().json()
            return Somebody(body["user"]["id"], _bearer(body["token"]))

        players = tuple(log_in(9_000_000 + number) for number in range(count))
        for player in players:
            cursor.execute(_HISTORY, (player.user_id, item))
        admin = log_in(8_999_999)
        cursor.execute("UPDATE auth.users SET role = 'admin' WHERE id = %s", (admin.user_id,))
        credentials = {"service": secrets.service_name, "secret": secrets.service_secret}
        service = http.post("/auth/service-token", json=credentials).raise_for_status().json()["token"]
        return Cast(players, _bearer(service), log_in(8_999_999).headers, item)


class Traffic:
    """Each player makes one call after the other, with a short pause; answers are not judged."""

    def __init__(self, cast: Cast, url: str) -> None:
        self._cast = cast
        self.url = url
        self.calls = 0
        # So many more reads a second, begun whether or not the ones before were answered.
        self.more_reads = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="traffic", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the traffic; calls under way are given up."""
        self._stopping.set()
        self._thread.join(_PATIENCE)

    async def _run(self) -> None:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False, limits=limits) as http:
            workers = [asyncio.create_task(self._play(http, player)) for player in self._cast.players]
            reads: set[asyncio.Task[None]] = set()
            due = 0.0
            while not self._stopping.is_set():
                due += self.more_reads * _TICK
                for _ in range(int(due)):
                    task = asyncio.create_task(self._read(http, random.choice(self._cast.players)))
                    reads.add(task)
                    task.add_done_callback(reads.discard)
                due -= int(due)
                await asyncio.sleep(_TICK)
            for task in (*workers, *reads):
                task.cancel()
            await asyncio.gather(*workers, *reads, return_exceptions=True)

    async def _read(self, http: httpx.AsyncClient, player: Somebody) -> None:
        with contextlib.suppress(httpx.HTTPError):
            await http.get(f"{self.url}/inventory", headers=player.headers)

    async def _play(self, http: httpx.AsyncClient, player: Somebody) -> None:
        turn = 0
        while True:
            for call in self._turn(player, turn):
                with contextlib.suppress(httpx.HTTPError):
                    await http.request(call[0], self.url + call[1], headers=call[2], json=call[3])
                self.calls += 1
                await asyncio.sleep(_PAUSE * random.uniform(0.5, 1.5))
            turn += 1

    def _turn(self, player: Somebody, turn: int) -> Sequence[tuple[str, str, dict[str, str] | None, Any]]:
        """Mostly reads; every fourth turn moves items, every twelfth does what is refused."""
        read = ("GET", "/inventory", player.headers, None)
        service, operation = self._cast.service, str(uuid4())
        about = {"user_id": player.user_id, "operation_id": operation}

        def some(quantity: int) -> dict[str, Any]:
            return {"items": [{"item_id": self._cast.item, "quantity": quantity}]}

        if turn % 4:
            return [read, ("GET", "/inventory?section=factory", player.headers, None), read]
        gain = {**about, "operation_id": str(uuid4()), "section": "main", "operation_type": "chest_reward", **some(2)}
        end = "return-reserve" if turn % 8 else "consume-reserve"
        calls: list[tuple[str, str, dict[str, str] | None, Any]] = [
            ("POST", "/inventory/add-items", service, gain),
            ("POST", "/inventory/reserve", service, {**about, **some(1)}),
            ("GET", f"/inventory/reservation/{operation}", service, None),
            ("POST", f"/inventory/{end}", service, about),
            read,
        ]
        if turn % 12 == 0:
            change = {"item_id": self._cast.item, "quantity_change": 1}
            correction = {"user_id": player.user_id, "section": "trade", "items": [change], "reason": "count corrected"}
            calls += [
                ("POST", "/inventory/reserve", service, {**about, "operation_id": str(uuid4()), **some(10**12)}),
                ("POST", "/inventory/return-reserve", service, about),
                ("GET", "/inventory", None, None),
                ("POST", "/admin/inventory/adjust", self._cast.admin, correction),
                ("GET", f"/admin/inventory/audit?user_id={player.user_id}", self._cast.admin, None),
                ("GET", "/health/ready", None, None),
            ]
        return calls
