"""A stack of the tests' own, and the words in which they speak to its services."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import jwt
import redis

from stack import components
from stack.places import REPO_ROOT
from stack.ports import Ports, answers
from stack.postgres import connect
from stack.processes import log_tail, spawn, stop_all, wait_until
from stack.state import State

START_SECONDS = 15.0
_telegram_ids = count(10_000_000)

Json = dict[str, Any]


def client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, trust_env=False, timeout=15.0)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def new_id() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Person:
    """Somebody who has logged in."""

    id: str
    telegram_id: int
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.token)


class World:
    """The stack, its data, and clients of its services."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.secrets = state.load_secrets()
        self.auth = client(state.auth.url)
        self.inventory = client(state.inventory[0].public_url)
        self.metrics_url = state.inventory[0].metrics_url
        self.db = connect(state.postgres.port, self.secrets.db_password)
        where: Json = {"host": state.redis.host, "port": state.redis.port}
        self.redis = [redis.Redis(**where, db=number, decode_responses=True) for number in (0, 1)]
        self.service = bearer(self.service_token())

    def close(self) -> None:
        self.auth.close()
        self.inventory.close()
        self.db.close()
        for one in self.redis:
            one.close()

    # -- data ---------------------------------------------------------------------------------------------------

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self.db.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else []

    def ask_redis(self, *words: str | bytes, database: int = 0) -> Any:
        return self.redis[database].execute_command(*words)  # type: ignore[no-untyped-call]

    def item(self, type_code: str, class_code: str = "resources") -> str:
        found = self.rows(
            "SELECT i.id::text FROM inventory.items i JOIN inventory.classifier_items t ON t.id = i.item_type_id"
            " JOIN inventory.classifier_items c ON c.id = i.item_class_id WHERE t.code = %s AND c.code = %s",
            type_code,
            class_code,
        )
        return str(found[0][0])

    def ledger(self, person: str) -> list[tuple[str, str, int]]:
        """Operation type, section and change of each row, in the order of the change."""
        return [
            (str(kind), str(section), int(change))
            for kind, section, change in self.rows(
                "SELECT t.code, s.code, o.quantity_change FROM inventory.operations o"
                " JOIN inventory.classifier_items t ON t.id = o.operation_type_id"
                " JOIN inventory.classifier_items s ON s.id = o.section_id"
                " WHERE o.user_id = %s ORDER BY o.created_at, 3",
                person,
            )
        ]

    def write_past(self, person: str, item: str, quantity: int, days_ago: int) -> None:
        """A ledger row of an earlier day, in section main."""
        self.write_row(person, item, quantity, f"now() - interval '{days_ago} days'")

    def write_row(
        self,
        person: str,
        item: str,
        quantity: int,
        at: str,
        section: str = "main",
        kind: str = "chest_reward",
        operation: str | None = None,
    ) -> None:
        """A ledger row; ``at`` is an instant in SQL."""
        self.rows(
            "INSERT INTO inventory.operations (user_id, section_id, item_id, collection_id, quality_level_id,"
            " quantity_change, operation_type_id, operation_id, created_at) SELECT %s,"
            " inventory.code_id('inventory_section', %s), %s, inventory.code_id('collection', 'base'),"
            f" inventory.code_id('quality_level', 'base'), %s, inventory.code_id('operation_type', %s), %s, {at}",
            person,
            section,
            item,
            quantity,
            kind,
            operation or new_id(),
        )

    def snapshots(self, person: str) -> list[tuple[int, int]]:
        """Days ago and quantity of each snapshot."""
        return [(days, quantity) for _, days, quantity in self.snapshots_by_section(person)]

    def snapshots_by_section(self, person: str) -> list[tuple[str, int, int]]:
        """Section, days ago and quantity of each snapshot."""
        return [
            (str(section), int(days), int(quantity))
            for section, days, quantity in self.rows(
                "SELECT s.code, (now() AT TIME ZONE 'UTC')::date - b.balance_date, b.quantity"
                " FROM inventory.daily_balances b JOIN inventory.classifier_items s ON s.id = b.section_id"
                " WHERE b.user_id = %s ORDER BY 1, 2 DESC, 3",
                person,
            )
        ]

    def metrics(self) -> str:
        return httpx.get(self.metrics_url, trust_env=False).text

    # -- people -------------------------------------------------------------------------------------------------

    def log_in(self, telegram_id: int | None = None, username: str = "tester") -> httpx.Response:
        body = {"telegram_id": telegram_id or next(_telegram_ids), "username": username}
        return self.auth.post("/auth/login", json=body)

    def person(self, telegram_id: int | None = None) -> Person:
        answer = self.log_in(telegram_id).json()
        return Person(answer["user"]["id"], answer["user"]["telegram_id"], answer["token"])

    def admin(self) -> Person:
        known = self.person()
        self.rows("UPDATE auth.users SET role = 'admin' WHERE id = %s", known.id)
        return self.person(known.telegram_id)

    def service_token(self) -> str:
        body = {"service": self.secrets.service_name, "secret": self.secrets.service_secret}
        return str(self.auth.post("/auth/service-token", json=body).json()["token"])

    def sign(self, leave_out: tuple[str, ...] = (), **claims: object) -> str:
        """A token signed with the stack's own first key."""
        pem = Path(self.secrets.signing_key_file)
        return sign(pem.read_text(), pem.stem.partition("-")[2], leave_out, **claims)

    # -- calls --------------------------------------------------------------------------------------------------

    def call(self, path: str, headers: dict[str, str] | None = None, **body: object) -> httpx.Response:
        return self.inventory.post(path, json=body, headers=self.service if headers is None else headers)

    def add(self, person: str, *items: Json, **more: object) -> httpx.Response:
        known = {"section": "main", "operation_type": "chest_reward", "operation_id": new_id()}
        return self.call("/inventory/add-items", None, **{"user_id": person, "items": items} | known | more)

    def reserve(self, person: str, *items: Json, operation: str | None = None) -> httpx.Response:
        operation = operation or new_id()
        return self.call("/inventory/reserve", user_id=person, operation_id=operation, items=items)

    def end(self, how: str, person: str, operation: str) -> httpx.Response:
        return self.call(f"/inventory/{how}-reserve", user_id=person, operation_id=operation)

    def adjust(self, admin: Person, person: str, *items: Json, **more: object) -> httpx.Response:
        body: Json = {
            "user_id": person,
            "section": "main",
            "items": items,
            "reason": "compensation for a lost chest",
        }
        return self.call("/admin/inventory/adjust", admin.headers, **(body | more))

    def read(self, person: Person, section: str = "main") -> list[Json]:
        answer = self.inventory.get("/inventory", params={"section": section}, headers=person.headers)
        assert answer.status_code == 200, answer.text
        items: list[Json] = answer.json()["items"]
        return items

    def quantities(self, person: Person, section: str = "main") -> dict[str, int]:
        return {item["item_type"]: item["quantity"] for item in self.read(person, section)}


def sign(pem: str, kid: str | None, leave_out: tuple[str, ...] = (), **claims: object) -> str:
    now = int(time.time())
    payload: Json = {
        "iss": "shard-legends-auth",
        "sub": new_id(),
        "telegram_id": 1,
        "roles": [],
        "iat": now,
        "exp": now + 600,
        "jti": new_id(),
    }
    payload = {name: value for name, value in (payload | claims).items() if name not in leave_out}
    return jwt.encode(payload, pem, algorithm="RS256", headers={"kid": kid} if kid else None)


# -- service processes ----------------------------------------------------------------------------------------------


@dataclass
class Service:
    """A service process beside those of the stack, with settings of its own."""

    process: subprocess.Popen[bytes]
    log: Path
    url: str
    internal_url: str
    metrics_url: str
    clients: list[httpx.Client] = field(default_factory=list)

    def http(self, url: str | None = None) -> httpx.Client:
        self.clients.append(client(url or self.url))
        return self.clients[-1]


def environment(world: World | None, **settings: str) -> dict[str, str]:
    """Settings of a service on the world's data, or on servers that are not there."""
    where = (world.state.postgres.port, world.state.redis.port) if world else (1, 1)
    password = world.secrets.db_password if world else "none"
    return components.base_env() | components.data_env(where[0], password, where[1]) | settings


@contextmanager
def service(name: str, world: World, folder: Path, **settings: str) -> Iterator[Service]:
    """Run ``auth`` or ``inventory`` until the end of the block."""
    free = Ports()
    ports = [free.take("one") for _ in range(3)]
    known = {"SERVER_PORT": str(ports[0]), "INTERNAL_PORT": str(ports[1]), "METRICS_PORT": str(ports[2])}
    env = environment(world, **({"AUTH_SERVICE_URL": world.state.auth.url} | known | settings))
    log = folder / f"{name}-{ports[0]}.log"
    process = spawn(components.command(name), env=env, cwd=REPO_ROOT, log=log)
    urls = [components.url(port) for port in ports]
    made = Service(process, log, urls[0], urls[1], f"{urls[2]}/metrics")
    try:
        second = 1 if "DEPLOYMENT_SHAPE" in settings else 2
        awaited = [ports[0]] if name == "auth" and second == 2 else [ports[0], ports[second]]
        wait_until(lambda: process.poll() is not None or all(map(answers, awaited)), START_SECONDS)
        assert process.poll() is None, log_tail(log)
        yield made
    finally:
        for http in made.clients:
            http.close()
        stop_all([(process, signal.SIGTERM)], 5.0)


def at_once(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [under_way.result() for under_way in [pool.submit(call) for call in calls]]


def run_to_end(module: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Start a module that is to end by itself."""
    command = [sys.executable, "-m", module]
    return subprocess.run(command, env=env, cwd=REPO_ROOT, capture_output=True, text=True, timeout=30, check=False)


def without(env: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in env.items() if name not in names}


def own_name() -> str:
    return f"service-tests-{os.getpid()}"
