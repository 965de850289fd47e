"""Services beside those of the embedded stack, for what must not happen to the others: a dead Redis, new keys."""

from __future__ import annotations

import atexit
import json
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robot.api.deco import keyword, library

from libraries import calls
from libraries.client import require
from libraries.concurrency import send_all
from libraries.players import Player, new_telegram_id, player_of
from libraries.preparing import instance_of, target
from libraries.session import client, need
from libraries.signing import Signer, verified_claims
from libraries.target import Instance, given
from libraries.tokens import Token, claims_for
from monitoring.proxy import TroubleProxy
from stack import client as stack_client
from stack import components, processes
from stack.places import REPO_ROOT

_READY_SECONDS = 15.0
# Short, so that nobody waits long for an unknown key; the flood of them takes several times as long.
KEY_REFRESH_SECONDS = 0.2


def closed_port() -> int:
    """Return a local port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class OwnAuth:
    """An auth-service of the tests' own: same users and Redis, other keys."""

    url: str
    port: int
    log: Path
    environment: dict[str, str]
    fault: str | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, unless it runs, without waiting for it."""
        if self.process is None:
            command = components.command("auth", self.fault)
            self.process = processes.spawn(command, env=self.environment, cwd=REPO_ROOT, log=self.log)

    def await_health(self) -> None:
        """Wait until it is healthy. Raises AssertionError with the end of its log when it is not."""
        process = given(self.process)
        deadline = time.monotonic() + _READY_SECONDS
        while components.status_of(f"{self.url}/health") != 200:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the extra auth-service did not start: {processes.log_tail(self.log)}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self.process is not None:
            # Not politely: an outage is not polite either, and nobody has to wait for it.
            processes.stop_all([(self.process, signal.SIGKILL)], 3.0)
            self.process = None

    def calls_of(self, path: str) -> int:
        """Return how many requests for a path its log tells of."""
        return sum(_path_of(line) == path for line in self.log.read_text(encoding="utf-8").splitlines())


def _path_of(line: str) -> Any:
    try:
        return json.loads(line).get("path")
    except (ValueError, AttributeError):
        return None


@library(scope="GLOBAL")
class ExtraServiceKeywords:
    """Starts services for one suite alone. Only with the embedded stack; tests of other targets are skipped."""

    def __init__(self) -> None:
        self._running: list[stack_client.ExtraInventory] = []
        self._auth: OwnAuth | None = None
        self._way_to_redis: TroubleProxy | None = None
        self._second: Instance | None = None

    @keyword
    def start_services_with_own_keys(self) -> Instance:
        """Start an auth-service with keys of its own and an inventory-service that trusts it; return the latter.

        Its way to Redis can be cut: `Cut Off Redis`.
        """
        need("services of its own")
        state = target().stack
        secrets = state.load_secrets()
        port = closed_port()
        environment = components.base_env()
        environment |= components.data_env(state.postgres.port, secrets.db_password, state.redis.port)
        environment |= components.auth_env("single", port, secrets)
        folder = Path(state.run_dir) / f"own-keys-{port}"
        environment["AUTH_KEYS_DIR"] = str(folder)
        log = Path(state.run_dir) / "logs" / f"own-auth-{port}.log"
        self._auth = OwnAuth(components.url(port), port, log, environment, state.fault)
        self._way_to_redis = TroubleProxy(state.redis.port)
        # Both come up at the same time: the inventory-service asks for keys until there are some.
        self._auth.start()
        settings = {
            "AUTH_SERVICE_URL": self._auth.url,
            "JWKS_MIN_REFRESH_SECONDS": str(KEY_REFRESH_SECONDS),
            "REDIS_PORT": str(self._way_to_redis.port),
        }
        extra = stack_client.spawn_extra_inventory(state, settings)
        self._running.append(extra)
        return instance_of(target().shape, extra.info)

    @keyword
    def cut_off_redis(self) -> None:
        """Close the connections to Redis of the inventory-service that was started here, and new ones at once."""
        given(self._way_to_redis).cut()

    @keyword
    def give_redis_back(self) -> None:
        """Let the inventory-service that was started here reach Redis again."""
        given(self._way_to_redis).behave()

    @keyword
    def second_instance(self) -> Instance:
        """Return another instance beside the first: the target's own, or one that is started for it."""
        if len(target().instances) > 1:
            return target().instances[1]
        if self._second is None:
            need("services of its own")
            extra = stack_client.spawn_extra_inventory(target().stack, {})
            # Other suites of this process will want it too.
            atexit.register(stack_client.stop_extra, extra)
            self._second = instance_of(target().shape, extra.info)
        return self._second

    @property
    def own_auth(self) -> OwnAuth:
        """The auth-service with keys of its own, started again if a test took it away.

        Raises AssertionError when there is none.
        """
        auth = given(self._auth)
        auth.start()
        auth.await_health()
        return auth

    @keyword
    def log_in_at_own_auth(self, player: Player | None = None) -> Player:
        """Log a new user (or a player once more) in at the auth-service with keys of its own."""
        telegram_id = player.telegram_id if player else new_telegram_id()
        call = calls.dev_login(self.own_auth.url, telegram_id, f"p{telegram_id:x}")
        return player_of(client().send(call), telegram_id)

    @keyword
    def service_token_of_own_auth(self) -> Token:
        """Return a service's token from the auth-service with keys of its own (hardening)."""
        secrets = target().stack.load_secrets()
        body = {"service": secrets.service_name, "secret": secrets.service_secret}
        return Token(client().send(calls.auth_call(self.own_auth.url, "/auth/service-token", body=body)).body["token"])

    @keyword
    def rotate_keys(self, administrator: Player, expect: str = "200") -> None:
        """Ask the auth-service with keys of its own for a new signing key (hardening)."""
        client().send(calls.auth_call(self.own_auth.url, "/auth/keys/rotate", administrator.token), expect)

    @keyword
    def token_should_stand_up_to_published_keys(self, player: Player) -> None:
        """Fail unless the key that signed a player's token is still published."""
        verified_claims(player.token, client().send(calls.auth_call(self.own_auth.url, "/jwks")).body)

    @keyword
    def token_should_become_accepted(self, player: Player, at: Instance, within_seconds: float = 5) -> None:
        """Ask with a player's token until it is let in; fail when that takes too long."""
        deadline = time.monotonic() + within_seconds
        call = calls.read_inventory(at, player.token, "main")
        while (answer := client().exchange(call)).status != 200 and time.monotonic() < deadline:
            time.sleep(0.05)
        require(answer, "200")

    @keyword
    def unknown_keys_should_not_flood_the_auth_service(self, at: Instance, times: int) -> None:
        """Send tokens of as many different unknown keys at one instant; fail unless each is refused.

        Fails too when the auth-service was asked for its keys more often than the time allows that this took.
        """
        forger = Signer.stranger()
        forged = [forger.sign(claims_for(calls.new_id(), 1, []), kid=calls.new_id()) for _ in range(times)]
        before, started = self.own_auth.calls_of("/jwks"), time.monotonic()
        answers = send_all([calls.read_inventory(at, token, "main") for token in forged], client().timeout)
        for answer in answers:
            require(answer, "401 invalid_token_signature")
        asked = self.own_auth.calls_of("/jwks") - before
        allowed = 2 + int((time.monotonic() - started) / KEY_REFRESH_SECONDS)
        if asked > min(allowed, times // 2):
            raise AssertionError(
                f"{times} tokens with unknown keys made the service ask for keys {asked} times, {allowed} are allowed"
            )

    @keyword
    def stop_own_auth(self) -> None:
        """Take the auth-service with keys of its own away, until the next call that needs it."""
        given(self._auth).stop()

    @keyword
    def stop_extra_services(self) -> None:
        """Stop what a suite started for itself. For suite teardowns; nothing running is fine."""
        running = [extra.process for extra in self._running]
        if self._auth is not None and self._auth.process is not None:
            running.append(self._auth.process)
        processes.stop_all([(process, signal.SIGKILL) for process in running], 3.0)
        self._running.clear()
        self._auth = None
        if self._way_to_redis is not None:
            self._way_to_redis.close()
            self._way_to_redis = None
