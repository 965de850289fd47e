"""Services beside those of a running stack, for what must not happen to the others: a dead Redis, new keys."""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import binaries, components, fork_server, processes
from .client import spawn_extra_inventory
from .errors import StackError
from .ports import HOST, Ports, answers
from .proxy import TroubleProxy
from .state import Inventory, State

_READY_SECONDS = 15.0
# Short, so that nobody waits long for an unknown key; a flood of them takes several times as long.
KEY_REFRESH_SECONDS = 0.2
# Whatever ends within a minute ends in so many milliseconds, if that is sooner.
_SOONER = (
    "for _, key in ipairs(redis.call('KEYS', '*')) do local left = redis.call('PTTL', key) "
    "if left > {0} and left <= 60000 then redis.call('PEXPIRE', key, {0}) end end return redis.status_reply('OK')"
)
_numbers = itertools.count(1)


@dataclass
class OwnAuth:
    """An auth-service with keys of its own: same users and Redis."""

    url: str
    log: Path
    environment: dict[str, str] = field(repr=False)
    fault: str | None = None
    dialect: str | None = None
    process: processes.Child | None = None
    overrides: dict[str, str | None] = field(default_factory=dict)

    def start(self) -> processes.Child:
        """Start it, unless it runs, without waiting for it."""
        if self.process is None:
            command = components.command("auth", self.fault, self.dialect)
            settings = {**self.environment, **self.overrides}
            env = {name: value for name, value in settings.items() if value is not None}
            self.process = fork_server.start(command, env=env, log=self.log)
        return self.process

    def start_again(self, **settings: str | None) -> OwnAuth:
        """Start it again with these settings too (None: without it), until it is stopped. Raises StackError."""
        self.stop()
        self.overrides = settings
        return self.ready()

    def ready(self) -> OwnAuth:
        """Start it if need be and wait until it is healthy. Raises StackError with the end of its log."""
        process = self.start()
        deadline = time.monotonic() + _READY_SECONDS
        # One that has ended is not what answers at its address.
        while process.poll() is None and time.monotonic() < deadline:
            if components.status_of(f"{self.url}/health") == 200:
                return self
            time.sleep(0.02)
        raise StackError("the extra auth-service did not start", processes.log_tail(self.log))

    def stop(self) -> None:
        """Stop it, if it runs. Not politely: an outage is not polite either, and nobody has to wait for it."""
        if self.process is not None:
            processes.stop_all([(self.process, signal.SIGKILL)], 3.0)
            self.process, self.overrides = None, {}

    def age_keys(self, seconds: int) -> None:
        """Make its signing keys so much older, by the dates in the names of their files."""
        for file in list(Path(self.environment["AUTH_KEYS_DIR"]).glob("*.pem")):
            made_at, _, rest = file.name.partition("-")
            file.rename(file.with_name(f"{int(made_at) - seconds}-{rest}"))

    def signing_key_file(self) -> str:
        """Return the file of the key that signs now."""
        return str(max(Path(self.environment["AUTH_KEYS_DIR"]).glob("*.pem"), key=lambda file: file.name))

    def calls_of(self, path: str) -> int:
        """Return how many requests for a path its log tells of."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return sum(json.loads(line).get("path") == path for line in lines if line.startswith("{"))


class OwnServices:
    """An auth-service with keys of its own, and an inventory-service that trusts it.

    Their ways to PostgreSQL and Redis can be cut: ``database``, ``redis``. ``wished`` are settings for each of them;
    with ``own_redis`` they have one that may lose its data.
    """

    key_refresh_seconds = KEY_REFRESH_SECONDS

    def __init__(
        self, state: State, wished: Mapping[str, str | None] | None = None, *, own_redis: bool = False
    ) -> None:
        self._state = state
        self._wished = dict(wished or {})
        self._redis_port = state.redis.port
        self._redis: processes.Child | None = None
        if own_redis:
            self._start_redis()
        self.database, self.redis = TroubleProxy(state.postgres.port), TroubleProxy(self._redis_port)
        self.auth = self._auth({})
        # Both come up at the same time: the inventory-service asks for keys until there are some.
        self.auth.start()
        settings = {
            "AUTH_SERVICE_URL": self.auth.url,
            "JWKS_MIN_REFRESH_SECONDS": str(KEY_REFRESH_SECONDS),
            "HEALTH_WATCH_SECONDS": "0.2",
            "REDIS_TIMEOUT_SECONDS": "1.5",
            "DB_PORT": str(self.database.port),
            "REDIS_PORT": str(self.redis.port),
        }
        # One that is as strict as in production, for those who ask how it refuses.
        self.strict_auth = self._auth({"AUTH_DEV_LOGIN": "false", "AUTH_LOGIN_LIMIT_PER_MINUTE": "3"})
        self.strict_auth.start()
        self._extra = spawn_extra_inventory(state, {**settings, **self._wished})

    def _auth(self, settings: dict[str, str]) -> OwnAuth:
        state, secrets = self._state, self._state.load_secrets()
        port = Ports().take("own-auth")
        environment = components.base_env()
        changed = bool(state.fault or state.dialect)
        environment |= components.service_env("auth", self.database.port, secrets, self.redis.port, changed=changed)
        environment |= components.auth_env("single", port, secrets)
        environment["AUTH_KEYS_DIR"] = str(Path(state.run_dir) / f"own-keys-{port}")
        log = Path(state.run_dir) / "logs" / f"own-auth-{port}.log"
        wished = {**environment, **settings, **self._wished}
        settings = {name: value for name, value in wished.items() if value is not None}
        # All that it does stands at one address, also where the stack's auth-service has two.
        dialect = components.speakable(state.dialect, "single")
        return OwnAuth(components.url(port), log, settings, state.fault, dialect)

    def _start_redis(self) -> None:
        self._redis_port = Ports().take("own-redis")
        folder = Path(self._state.run_dir)
        command = [binaries.redis_server(), "--bind", HOST, "--port", str(self._redis_port), "--save", ""]
        log = folder / "logs" / f"own-redis-{self._redis_port}.log"
        self._redis = processes.spawn(command, env=os.environ, cwd=folder, log=log)
        if not processes.wait_until(lambda: answers(self._redis_port), _READY_SECONDS):
            raise StackError("the extra Redis did not start", processes.log_tail(log))

    def lose_redis_data(self) -> None:
        """Empty the Redis of their own. Raises StackError when they use the stack's, which is not theirs to empty."""
        self._tell_redis("FLUSHALL")

    def lose_cached_data(self) -> None:
        """Empty the cache of their own Redis, and leave the tokens. Raises StackError."""
        self._tell_redis("SELECT 1", "FLUSHDB")

    def let_redis_take(self, more: bool) -> None:
        """Let the Redis of their own take something more, or refuse all that needs memory. Raises StackError."""
        self._tell_redis(f"CONFIG SET maxmemory {0 if more else 1}")

    def let_a_minute_pass(self, but_seconds: int) -> None:
        """Let what their own Redis would keep for at most a minute end in so many seconds. Raises StackError."""
        self._tell_redis(f'EVAL "{_SOONER.format(but_seconds * 1000)}" 0')

    def _tell_redis(self, *commands: str) -> None:
        if self._redis is None:
            raise StackError("these services have no Redis of their own")
        with socket.create_connection((HOST, self._redis_port), timeout=5) as line:
            for command in commands:
                line.sendall(f"{command}\r\n".encode())
                if not line.recv(64).startswith(b"+OK"):
                    raise StackError(f"the extra Redis does not {command}")

    def refused_starts(self, service: str, cases: Sequence[Mapping[str, str | None]]) -> list[tuple[int | None, str]]:
        """Start ``auth`` or ``inventory`` with settings (None: without it) that it has to refuse, all cases at once.

        Returns the exit code, None where it serves, and what was printed, of each.
        """
        state, secrets = self._state, self._state.load_secrets()
        base = dict(self.auth.environment)
        if service == "inventory":
            changed = bool(state.fault or state.dialect)
            base = components.base_env() | components.inventory_env("single", 0, 0, 0, self.auth.url)
            base |= components.service_env(service, state.postgres.port, secrets, state.redis.port, changed=changed)
        started = []
        for case in cases:
            log = Path(state.run_dir) / "logs" / f"refused-{os.getpid()}-{next(_numbers)}.log"
            env = {name: value for name, value in {**base, **case}.items() if value is not None}
            command = components.command(service, state.fault, components.speakable(state.dialect, "single"))
            process = fork_server.start(command, env=env, log=log)
            started.append((process, log))
        processes.wait_until(lambda: all(process.poll() is not None for process, _ in started), _READY_SECONDS)
        told = [(process.poll(), processes.log_tail(log)) for process, log in started]
        processes.stop_all([(process, signal.SIGKILL) for process, _ in started], 3.0)
        for _, log in started:
            log.unlink()
        return told

    @property
    def inventory(self) -> Inventory:
        """The inventory-service."""
        return self._extra.info

    def stop(self) -> None:
        """Stop everything."""
        for auth in (self.auth, self.strict_auth):
            auth.stop()
        own = [self._extra.process, *([self._redis] if self._redis else [])]
        processes.stop_all([(process, signal.SIGKILL) for process in own], 3.0)
        self.redis.close()
        self.database.close()
