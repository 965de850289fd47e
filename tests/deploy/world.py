"""A deployment's surroundings: the real scripts, versions good and bad, and players who never stop calling."""

from __future__ import annotations

import http.client
import json
import os
import shlex
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from stack.ports import Ports
from stack.state import State

ROOT = Path(__file__).resolve().parent.parent.parent
_PAUSE = 0.03
_WORKERS = 3


def stand_in(folder: Path, name: str = "python") -> None:
    """Make ``name`` in a folder that starts this Python, wherever it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    (folder / name).chmod(0o755)


@dataclass
class World:
    """One environment of the local driver."""

    state: State
    folder: Path
    port: int = field(default_factory=lambda: Ports().take("router"))

    def __post_init__(self) -> None:
        self.versions = self.folder / "versions-of-tests"
        self.versions.mkdir(parents=True)
        environments = self.folder / "environments"
        environments.mkdir()
        lines = {
            "DRIVER": "local",
            "STATE_DIR": self.folder / "state",
            "LOCAL_VERSIONS_DIR": self.versions,
            "LOCAL_ROUTER_PORT": self.port,
            "LOCAL_STACK_STATE": Path(self.state.run_dir) / "state.json",
            "START_SECONDS": 20,
            "READY_SECONDS": 3,
            "DRAIN_SECONDS": 20,
        }
        text = "".join(f"{name}='{value}'\n" for name, value in lines.items())
        (environments / "local.env").write_text(text)

    @property
    def log(self) -> str:
        """All that deployments have logged so far."""
        return (self.folder / "state" / "deploy.log").read_text()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the scripts."""
        ours = {"DEPLOY_ENVIRONMENTS_DIR": str(self.folder / "environments"), "PYTHON": sys.executable}
        return {name: value for name, value in os.environ.items() if not name.startswith("TARGET_")} | ours

    def add_version(self, name: str, body: str = "") -> None:
        """Add a version; ``body`` is shell that runs before, or in place of, the good service ``$1``."""
        file = self.versions / name
        start = 'exec "$PYTHON" -m "services.$1"'
        file.write_text(f"#!/usr/bin/env bash\ncd {shlex.quote(str(ROOT))} || exit 1\n{body}\n{start}\n")
        file.chmod(0o755)

    def script(self, name: str, *words: str, extra: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run ``deploy/NAME.sh`` to its end."""
        return subprocess.run(
            [str(ROOT / "deploy" / f"{name}.sh"), *words],
            env=self.environment | (extra or {}),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd=self.folder,
        )

    def serving(self) -> str:
        """The version that the router sends requests to."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", "/.router")
        return str(json.loads(connection.getresponse().read())["version"])

    def previous(self) -> str:
        """The version that a rollback would bring back, empty when there is none."""
        file = self.folder / "state" / "previous"
        return file.read_text().strip() if file.exists() else ""

    def down(self) -> None:
        """Stop the router and all versions."""
        env = self.environment | {
            "STATE_DIR": str(self.folder / "state"),
            "LOCAL_VERSIONS_DIR": str(self.versions),
            "LOCAL_ROUTER_PORT": str(self.port),
        }
        subprocess.run([sys.executable, "-m", "deploy.local", "down"], cwd=ROOT, env=env, check=True, timeout=60)

    # Players

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Ask the stack's database."""
        database = self.state.postgres
        with psycopg2.connect(
            host=database.host,
            port=database.port,
            dbname=database.dbname,
            user=database.user,
            password=self.state.load_secrets().db_password,
        ) as connection:
            cursor = connection.cursor()
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def call_auth(self, path: str, body: dict[str, object]) -> dict[str, object]:
        """Call auth-service."""
        address = urlsplit(self.state.auth.url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        return dict(json.loads(connection.getresponse().read()))

    @contextmanager
    def load(self) -> Iterator[Load]:
        """Keep reading and writing through the router for the time of the block."""
        load = Load(self)
        load.start()
        try:
            yield load
        finally:
            load.stop()


class Load:
    """Several players at once on connections kept alive; every answer is counted, every acknowledgement kept."""

    def __init__(self, world: World) -> None:
        secrets = world.state.load_secrets()
        login = world.call_auth("/auth/login", {"telegram_id": uuid.uuid4().int % 2**50 + 1, "username": "loader"})
        token = world.call_auth(
            "/auth/service-token", {"service": secrets.service_name, "secret": secrets.service_secret}
        )
        self._player, self._service = str(login["token"]), str(token["token"])
        self._user_id = str(dict(login["user"])["id"])  # type: ignore[call-overload]
        self._item = str(world.sql("SELECT id FROM inventory.items ORDER BY id LIMIT 1")[0][0])
        self._world = world
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.outcomes: Counter[str] = Counter()
        self.acknowledged: list[str] = []
        self.refused: list[str] = []
        self._threads = [threading.Thread(target=self._work, args=(n,), daemon=True) for n in range(_WORKERS)]

    def start(self) -> None:
        """Start, and wait until the first calls were answered."""
        for thread in self._threads:
            thread.start()
        deadline = time.monotonic() + 10
        while self.requests < 10 and time.monotonic() < deadline:
            time.sleep(0.01)

    def stop(self) -> None:
        """Let every worker finish its call."""
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    @property
    def requests(self) -> int:
        """How many calls were made."""
        return sum(self.outcomes.values())

    @property
    def failed(self) -> int:
        """How many calls were not answered 200."""
        return self.requests - self.outcomes["200"]

    def lost(self) -> list[str]:
        """Acknowledged operations that the ledger lacks."""
        rows = self._world.sql(
            "SELECT DISTINCT operation_id::text FROM inventory.operations WHERE user_id = %s", self._user_id
        )
        written = {str(row[0]) for row in rows}
        return [operation for operation in self.acknowledged if operation not in written]

    def _work(self, number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._world.port, timeout=20)
        while not self._stop.wait(_PAUSE):
            if number % 2:
                self._call(connection, "GET", "/inventory", self._player)
            else:
                self._write(connection)

    def _write(self, connection: http.client.HTTPConnection) -> None:
        operation = str(uuid.uuid4())
        body = {
            "user_id": self._user_id,
            "section": "main",
            "operation_type": "system_reward",
            "operation_id": operation,
            "items": [{"item_id": self._item, "quantity": 1}],
        }
        outcome = self._call(connection, "POST", "/inventory/add-items", self._service, json.dumps(body))
        if outcome == "200":
            with self._lock:
                self.acknowledged.append(operation)

    def _call(
        self, connection: http.client.HTTPConnection, method: str, path: str, token: str, body: str | None = None
    ) -> str:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            outcome = str(answer.status)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            outcome = type(error).__name__
        with self._lock:
            self.outcomes[outcome] += 1
        return outcome
