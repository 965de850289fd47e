"""The one process that starts, watches and stops a stack; its children cannot outlive it.

It lives in one thread, because children with a death signal die with the thread that started them.
It ends by SIGTERM, or when its owner (a robot or pabot main process) ends in any way, and removes
the run folder. If it is killed instead, the kernel ends its children and the next start sweeps.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from . import binaries, clock, components, postgres, template
from .errors import PortLostError, StackError
from .places import REPO_ROOT, Places, failure_of, places
from .ports import HOST, Ports, answers, is_free
from .processes import is_alive, key_of, libraries_of, log_tail, open_pidfd, spawn, stop_all
from .state import (
    DATABASE,
    ROLES,
    USER,
    Auth,
    Dead,
    Inventory,
    Postgres,
    ProcessKey,
    Redis,
    Secrets,
    Spec,
    State,
    load_spec,
    write_json,
)

_ATTEMPTS = 4
_GRACE_SECONDS = 1.5
_POLL_SECONDS = 0.015
# How soon what has ended is started again, and how often one that does not stay up is.
_MEND_MS = 150
# The folder of a run with a file for each component that shall not be started again yet.
HELD = "held"
_SERVICE_NAME = "proving-ground"


class StopRequested(BaseException):
    """Somebody wants the stack to end; raised by signal handlers, so it interrupts any wait."""


@dataclass
class Component:
    """One running child."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    ports: list[int]
    start: Callable[[], subprocess.Popen[bytes]]
    stop_signal: signal.Signals = signal.SIGTERM


class Supervisor:
    """Starts one stack, watches it and takes it down."""

    def __init__(self, spec: Spec, where: Places) -> None:
        self.spoken = components.spoken(spec.dialect, spec.shape)
        self.spec = replace(spec, env=self.spoken.env | spec.env)
        self.where = where
        self.run_dir = where.run_dir(spec.name)
        self.components: list[Component] = []
        self.started = time.monotonic()

    def run(self) -> int:
        """Start, watch until the end, clean up. Returns the exit code; failures go to the error file."""
        try:
            state = self._start()
            write_json(self.where.state_file(self.spec.name), state)
            self._watch(state)
        except StopRequested:
            return 0
        except StackError as error:
            self._report(error)
            return 1
        except OSError as error:
            self._report(failure_of(error, self.where.home))
            return 1
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            self._stop_children()
            self.where.release(self.spec.name)
        return 0

    def _report(self, error: StackError) -> None:
        content = {"message": error.message, "details": error.details}
        with contextlib.suppress(OSError):
            write_json(self.where.error_file(self.spec.name), content)

    # Start

    def _start(self) -> State:
        for _ in range(_ATTEMPTS):
            try:
                return self._start_once()
            except PortLostError:
                self._stop_children()
        raise StackError(f"somebody took the chosen ports on {HOST} {_ATTEMPTS} times in a row: try again")

    def _start_once(self) -> State:
        if self.spec.midnight_in is not None:
            clock.put_before_midnight(self.run_dir, self.where, self.spec.midnight_in)
        ports = Ports(self.spec.ports)
        redis = self._start_redis(ports.take("redis"))
        programs = binaries.postgres_programs(self.where)
        data = self.where.data_dir(self.spec.name)
        template_password = template.copy_data(self.where, programs, data)
        database = self._start_postgres(programs, data, ports.take("postgres"))
        # While the server starts.
        known = self._make_secrets()
        refusal = partial(postgres.refusal, database.ports[0], template_password)
        self._await({database.name: lambda: refusal() is None}, refusal)
        change = f"ALTER ROLE {USER} PASSWORD %s" + "".join(
            f"; ALTER ROLE {role} PASSWORD %s" for role in ROLES.values()
        )
        passwords = [known.db_password, *([known.services_db_password] * len(ROLES))]
        postgres.execute(database.ports[0], template_password, change, passwords)
        auth, inventory = self._start_services(ports, known, database.ports[0], redis.ports[0])
        return self._state(redis, database, auth, inventory)

    def _log(self, name: str) -> Path:
        return self.run_dir / "logs" / f"{name}.log"

    def _add(self, component: Component) -> Component:
        self.components.append(component)
        return component

    def _start_redis(self, port: int) -> Component:
        folder = self.run_dir / "redis"
        folder.mkdir(exist_ok=True)
        options = ["--bind", HOST, "--port", str(port), "--dir", str(folder), "--daemonize", "no"]
        keep = ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"]
        log = self._log("redis")
        start = partial(spawn, [binaries.redis_server(), *options, *keep], env=os.environ, cwd=folder, log=log)
        return self._add(Component("redis", start(), log, [port], start, signal.SIGKILL))

    def _start_postgres(self, programs: Path, data: Path, port: int) -> Component:
        log = self._log("postgres")

        def start() -> subprocess.Popen[bytes]:
            settings = clock.environment(self.run_dir)
            # Who is killed and started again recovers from what is on the disk.
            return postgres.start(programs, data, port, log, settings, is_durable=self.spec.mends)

        return self._add(Component("postgres", start(), log, [port], start, postgres.IMMEDIATE_STOP))

    def _make_secrets(self) -> Secrets:
        keys = self.run_dir / "keys"
        keys.mkdir(exist_ok=True)
        key_file = keys / f"{int(time.time())}-{secrets.token_hex(8)}.pem"
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        key_file.write_bytes(pem)
        made = Secrets(
            db_password=secrets.token_urlsafe(24),
            service_name=_SERVICE_NAME,
            service_secret=secrets.token_urlsafe(24),
            telegram_bot_token=f"{secrets.randbelow(9 * 10**9) + 10**9}:{secrets.token_urlsafe(26)}",
            signing_key_file=str(key_file),
            services_db_password=secrets.token_urlsafe(24),
            **self.spoken.tokens(pem),
        )
        write_json(self.run_dir / "secrets.json", made)
        return made

    def _start_service(self, service: str, name: str, env: dict[str, str], ports: list[int]) -> Component:
        log = self._log(name)
        command = components.command(service, self.spec.fault, self.spec.dialect)

        def start() -> subprocess.Popen[bytes]:
            return spawn(command, env=env | clock.environment(self.run_dir), cwd=REPO_ROOT, log=log)

        return self._add(Component(name, start(), log, ports, start))

    def _start_services(
        self, ports: Ports, known: Secrets, db_port: int, redis_port: int
    ) -> tuple[Auth, list[Inventory]]:
        shape = self.spec.shape
        changed = bool(self.spec.fault or self.spec.dialect)

        def shared(service: str) -> dict[str, str]:
            data = components.service_env(service, db_port, known, redis_port, changed=changed)
            return components.base_env() | data

        port = ports.take("auth")
        inside = ports.take("auth-internal") if shape == "split" else port
        auth_url, auth_internal_url = components.url(port), components.url(inside)
        env = shared("auth") | components.auth_env(shape, port, known, inside) | self.spec.env
        auth_listeners = sorted({port, inside})
        auth = self._start_service("auth", "auth", env, auth_listeners)
        checks: dict[str, Callable[[], bool]] = {
            "redis": lambda: answers(redis_port),
            "auth": _ready_check(f"{auth_internal_url}/health", auth_listeners),
        }
        # Tests hold the ledger to force races, on a slow machine for longer than a deployment would wait.
        patient = {} if self.spec.mends else {"DB_HANG_SECONDS": "6"}
        inventory = []
        for number in range(1, self.spec.instances + 1):
            name = f"inventory-{number}"
            public, metrics = ports.take("inventory"), ports.take("metrics")
            internal = ports.take("internal") if shape == "split" else public
            urls = components.inventory_urls(shape, public, internal, metrics)
            own = components.inventory_env(shape, public, internal, metrics, auth_url)
            env = shared("inventory") | own | patient | self.spec.env
            listeners = [public, internal if shape == "split" else metrics]
            child = self._start_service("inventory", name, env, listeners)
            inventory.append(Inventory(name=name, pid=child.process.pid, log=str(child.log), **urls))
            checks[name] = _ready_check(urls["health_url"], listeners)
        self._await(checks)
        made = Auth("auth", auth_url, auth_internal_url, auth.process.pid, str(auth.log))
        return made, inventory

    def _await(self, checks: dict[str, Callable[[], bool]], why_not: Callable[[], str | None] = lambda: None) -> None:
        """Wait until all checks were true once. Raises, with the reason, when a child ends or the time is over."""
        deadline = time.monotonic() + self.spec.ready_seconds
        waiting = dict(checks)
        while waiting:
            self._check_children()
            if not is_alive(self.spec.starter) or (self.spec.owner and not is_alive(self.spec.owner)):
                raise StopRequested
            for name in [name for name, check in waiting.items() if check()]:
                del waiting[name]
            if waiting and time.monotonic() > deadline:
                late = next(component for component in self.components if component.name in waiting)
                reason = why_not()
                what = f"{late.name} was not ready within {self.spec.ready_seconds:g} s"
                raise StackError(f"{what}{f' ({reason})' if reason else ''}; the end of its log:", log_tail(late.log))
            time.sleep(_POLL_SECONDS if waiting else 0)
        self._check_children()

    def _check_children(self) -> None:
        for component in self.components:
            code = component.process.poll()
            if code is None:
                continue
            if not all(is_free(port) for port in component.ports):
                raise PortLostError
            raise StackError(
                f"{component.name} ended with exit code {code} before it was ready; the end of its log:",
                log_tail(component.log),
            )

    def _state(self, redis: Component, database: Component, auth: Auth, inventory: list[Inventory]) -> State:
        return State(
            shape=self.spec.shape,
            owner_pid=self.spec.owner.pid if self.spec.owner else None,
            supervisor_pid=os.getpid(),
            supervisor_start=key_of(os.getpid()).start_time,
            inventory=tuple(inventory),
            auth=auth,
            postgres=Postgres(
                host=HOST,
                port=database.ports[0],
                dbname=DATABASE,
                user=USER,
                pid=database.process.pid,
                log=str(database.log),
                services_users=tuple(ROLES.values()),
            ),
            redis=Redis(host=HOST, port=redis.ports[0], pid=redis.process.pid, log=str(redis.log)),
            secrets=str(self.run_dir / "secrets.json"),
            run_dir=str(self.run_dir),
            fault=self.spec.fault,
            dialect=self.spec.dialect,
            settings=self.spoken.settings,
            mends=self.spec.mends,
            ready_after_seconds=round(time.monotonic() - self.started, 3),
        )

    # Watch and stop

    def _watch(self, state: State) -> None:
        """Return when the owner ends; record components that end by themselves, or start them again."""
        poller = select.poll()
        owner = None
        orphans: list[ProcessKey] = []
        if self.spec.owner:
            orphans = libraries_of(self.spec.owner.pid)
            owner = open_pidfd(self.spec.owner)
            if owner is None:
                return
            poller.register(owner, select.POLLIN)
        watched = {os.pidfd_open(component.process.pid): component for component in self.components}
        for descriptor in watched:
            poller.register(descriptor, select.POLLIN)
        ended: dict[str, Component] = {}
        while True:
            found = poller.poll(_MEND_MS if ended else None)
            for component in [] if found else [one for one in ended.values() if not self._is_held(one.name)]:
                component.process = component.start()
                descriptor = os.pidfd_open(component.process.pid)
                poller.register(descriptor, select.POLLIN)
                watched[descriptor] = ended.pop(component.name)
                state = _with_pid(state, component)
                write_json(self.where.state_file(self.spec.name), state)
            for descriptor, _ in found:
                if descriptor == owner:
                    # A pabot that ends well has stopped its own by then.
                    for orphan in filter(is_alive, orphans):
                        os.kill(orphan.pid, signal.SIGTERM)
                    return
                component = watched.pop(descriptor)
                poller.unregister(descriptor)
                os.close(descriptor)
                if self.spec.mends:
                    component.process.wait()
                    clock.forget(component.process.pid)
                    ended[component.name] = component
                    continue
                dead = Dead(component.name, component.process.wait(), log_tail(component.log))
                state = replace(state, dead=(*state.dead, dead))
                write_json(self.where.state_file(self.spec.name), state)

    def _is_held(self, name: str) -> bool:
        return (self.run_dir / HELD / name).exists()

    def _stop_children(self) -> None:
        """End all children, services first, and forget them and the data."""
        servers = [item for item in self.components if item.name in ("redis", "postgres")]
        services = [item for item in self.components if item not in servers]
        for group in (services, servers):
            stop_all([(item.process, item.stop_signal) for item in group], _GRACE_SECONDS)
        for item in self.components:
            clock.forget(item.process.pid)
        self.components.clear()
        self.where.forget_data(self.spec.name)


def _with_pid(state: State, component: Component) -> State:
    pid = component.process.pid
    if component.name in ("postgres", "redis", "auth"):
        return replace(state, **{component.name: replace(getattr(state, component.name), pid=pid)})
    instances = [replace(one, pid=pid) if one.name == component.name else one for one in state.inventory]
    return replace(state, inventory=tuple(instances))


def _ready_check(health_url: str, ports: list[int]) -> Callable[[], bool]:
    return lambda: components.is_ready(health_url, ports)


def supervise(name: str, lock: int) -> int:
    """Body of ``python -m stack supervise``: run the stack that its specification in the run folder names.

    ``lock`` is the inherited descriptor of the stack's lock. Returns the exit code.
    """
    os.set_inheritable(lock, False)
    os.umask(0o077)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _request_stop)
    where = places()
    spec = load_spec(where.run_dir(name) / "spec.json")
    return Supervisor(spec, where).run()


def _request_stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise StopRequested
