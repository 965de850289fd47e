"""What test libraries use: find a running stack or start one, extra instances.

All processes of one ``robot`` or ``pabot`` run get the same stack; it ends with the run by itself.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import clock, components, fork_server
from .errors import StackError
from .places import REPO_ROOT, Places, checkout_key, failure_of, hand_name, places, try_lock
from .ports import Ports, is_free
from .processes import Child, is_alive, key_of, log_tail, owner_of_run, stop_all, wait_until
from .state import Inventory, ProcessKey, Shape, Spec, State, load_state, read_json, write_json

# Set to 1, a stack that is started for a run starts its components again when they end.
MENDS = "SHARD_STACK_MENDS"
_START_SECONDS = 90.0
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.01
_EXTRA_SECONDS = 15.0
_EXTRA_ATTEMPTS = 4
_numbers = itertools.count(1)
# Keeps the supervisors we started, so that they are reaped when they end before us.
_supervisors: list[subprocess.Popen[bytes]] = []


def run_key() -> ProcessKey:
    """Identity of this test run, the same in all its processes: pabot's, else that of this process."""
    return owner_of_run()


def attach_or_start(
    shape: Shape = "single",
    instances: int = 1,
    run_key: ProcessKey | None = None,
    fault: str | None = None,
    env: Mapping[str, str] | None = None,
    dialect: str | None = None,
    mends: bool | None = None,
) -> State:
    """The stack of this test run, ready to use; started when there is none yet.

    In this order: the stack that ``SHARD_STACK_STATE`` names, the one that ``stack up`` started in
    this checkout (same shape, enough instances), the one that another process of this run started,
    a new one that ends with the run. ``fault``, ``dialect`` and ``env`` go to the services; ``mends`` says
    whether what ends is started again (default: SHARD_STACK_MENDS=1). Raises StackError.
    """
    named = os.environ.get("SHARD_STACK_STATE")
    if named:
        return load_state(Path(named))
    where = places()
    hand = running(where, hand_name())
    mends = os.environ.get(MENDS) == "1" if mends is None else mends
    fits = hand and hand.shape == shape and _has_enough(hand, instances) and (hand.mends or not mends)
    if hand and fits and _speaks(hand, fault, dialect):
        return _checked(hand, "python -m stack down")
    owner = run_key or owner_of_run()
    name = f"run-{checkout_key()}-{owner.pid}-{owner.start_time}-{shape}{_suffix(fault, env, dialect)}"
    starter = key_of(os.getpid())
    spec = Spec(name, starter, owner, shape, instances, fault, dialect, dict(env or {}), mends=mends)
    state = start_or_join(where, spec)
    if len(state.inventory) < instances:
        found = len(state.inventory)
        raise StackError(f"this run's stack has {found} inventory instances, {instances} are wanted")
    return state


def _has_enough(hand: State, instances: int) -> bool:
    # A dialect may have one instance only, and is then asked for with that.
    return len(hand.inventory) >= instances or hand.dialect is not None


def _speaks(hand: State, fault: str | None, dialect: str | None) -> bool:
    return fault in (None, hand.fault) and dialect in (None, hand.dialect)


def _suffix(fault: str | None, env: Mapping[str, str] | None, dialect: str | None) -> str:
    """Keeps stacks of one run apart whose services are to behave differently."""
    if not fault and not env and not dialect:
        return ""
    wish = json.dumps([fault, sorted((env or {}).items()), dialect])
    return f"-{hashlib.sha256(wish.encode()).hexdigest()[:8]}"


def _checked(state: State, remedy: str) -> State:
    if state.dead:
        first = state.dead[0]
        raise StackError(f"{first.name} of the running stack has died: run `{remedy}`", first.log_tail)
    return state


def running(where: Places, name: str) -> State | None:
    """The stack of this name if it is up and its supervisor lives, else None."""
    path = where.state_file(name)
    if not path.exists():
        return None
    try:
        state = load_state(path)
    except StackError:
        return None  # It is just being removed.
    return state if is_alive(ProcessKey(state.supervisor_pid, state.supervisor_start)) else None


def start_or_join(where: Places, spec: Spec) -> State:
    """Start the stack, or wait for the process that is starting it. Raises StackError."""
    deadline = time.monotonic() + _START_SECONDS
    while True:
        state = running(where, spec.name)
        if state:
            return state
        _raise_reported(where, spec.name)
        lock = try_lock(where.lock_file(spec.name))
        if lock is not None:
            return _launch(where, spec, lock)
        if time.monotonic() > deadline:
            raise StackError(f"another process has been starting the stack for over {_START_SECONDS:g} s")
        time.sleep(_POLL_SECONDS)


def _raise_reported(where: Places, name: str) -> None:
    path = where.error_file(name)
    if path.exists():
        report = read_json(path)
        if name == hand_name():
            path.unlink(missing_ok=True)
        raise StackError(str(report["message"]), str(report["details"]))


def _launch(where: Places, spec: Spec, lock: int) -> State:
    """Start the supervisor, which inherits the lock, and wait until the stack is ready."""
    try:
        # A starter before us may have become ready between our look and our lock; it then holds the
        # lock, so what is here now is what a killed one left.
        where.remove(spec.name)
        where.sweep()
        supervisor = _spawn_supervisor(where, spec, lock)
    except OSError as error:
        raise failure_of(error, where.home) from error
    finally:
        os.close(lock)
    try:
        return _await_supervisor(where, spec, supervisor)
    except BaseException:
        _end(supervisor)
        _clean(where, spec.name)
        raise


def _clean(where: Places, name: str) -> None:
    """Remove what a supervisor left that was stopped before it could do so itself."""
    lock = try_lock(where.lock_file(name))
    if lock is not None:
        where.release(name)
        os.close(lock)


def _spawn_supervisor(where: Places, spec: Spec, lock: int) -> subprocess.Popen[bytes]:
    run_dir = where.run_dir(spec.name)
    (run_dir / "logs").mkdir(mode=0o700, parents=True)
    run_dir.chmod(0o700)
    write_json(run_dir / "spec.json", spec)
    command = [sys.executable, "-m", "stack", "supervise", spec.name, "--lock", str(lock)]
    with (run_dir / "logs" / "supervisor.log").open("wb") as log:
        # Nothing of ours is inherited but the lock: Pabot waits for whoever holds its output.
        supervisor = subprocess.Popen(
            command,
            env=components.base_env(),
            cwd=REPO_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=[lock],
        )
    _supervisors.append(supervisor)
    return supervisor


def _await_supervisor(where: Places, spec: Spec, supervisor: subprocess.Popen[bytes]) -> State:
    log = where.run_dir(spec.name) / "logs" / "supervisor.log"
    tail = ""
    while True:
        ended = supervisor.poll() is not None
        state = running(where, spec.name)
        if state:
            return state
        if ended:
            _raise_reported(where, spec.name)
            code = supervisor.returncode
            raise StackError(f"the stack's supervisor ended with exit code {code}", tail or log_tail(log))
        tail = log_tail(log) or tail
        time.sleep(_POLL_SECONDS)


def _end(supervisor: subprocess.Popen[bytes]) -> None:
    stop_all([(supervisor, signal.SIGTERM)], _STOP_SECONDS)


def stop(state: State) -> None:
    """Stop a stack and wait until it and its folder are gone; one that is down already is fine."""
    key = ProcessKey(state.supervisor_pid, state.supervisor_start)
    if is_alive(key):
        os.kill(key.pid, signal.SIGTERM)
    if not wait_until(lambda: not is_alive(key), _STOP_SECONDS):
        os.kill(key.pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(key), _STOP_SECONDS)
    for supervisor in _supervisors:
        supervisor.poll()
    places().sweep()


@dataclass(frozen=True)
class ExtraInventory:
    """An inventory-service beside those of the stack, with settings of its own."""

    info: Inventory
    process: Child


def spawn_extra_inventory(state: State, env_overrides: Mapping[str, str | None]) -> ExtraInventory:
    """Start one more inventory-service on the stack's data, for instance without a Redis to talk to.

    Its settings are those of the stack, these in their place; None takes one away.

    It is ready when it answers ``/health/live``, so what it depends on may be absent. It ends with
    the calling thread at the latest: call it from the main thread. Raises StackError.
    """
    spec = state.load_spec()
    secrets = state.load_secrets()
    for _ in range(_EXTRA_ATTEMPTS):
        ports = Ports()
        public, internal, metrics = ports.take("inventory"), ports.take("internal"), ports.take("metrics")
        urls = components.inventory_urls(state.shape, public, internal, metrics)
        env = components.base_env()
        changed = bool(state.fault or state.dialect)
        env |= components.service_env("inventory", state.postgres.port, secrets, state.redis.port, changed=changed)
        env |= components.inventory_env(state.shape, public, internal, metrics, state.auth.url)
        spoken = components.spoken(state.dialect, state.shape)
        wished = {**spoken.env, **(spec.env if spec else {}), **env_overrides}
        env = {name: value for name, value in (env | wished).items() if value is not None}
        env |= clock.environment(Path(state.run_dir))
        name = f"extra-{os.getpid()}-{next(_numbers)}"
        log = Path(state.run_dir) / "logs" / f"{name}.log"
        process = fork_server.start(components.command("inventory", state.fault, state.dialect), env=env, log=log)
        info = Inventory(name=name, pid=process.pid, log=str(log), **urls)
        extra = ExtraInventory(info, process)
        try:
            wait_until(lambda: process.poll() is not None or _lives(info), _EXTRA_SECONDS)  # noqa: B023
            if process.poll() is None and _lives(info):
                return extra
            if process.poll() is None or all(is_free(port) for port in (public, internal, metrics)):
                raise StackError(_extra_failure(extra), log_tail(log))
        except BaseException:
            stop_extra(extra)
            raise
    raise StackError("somebody took the ports of the extra inventory-service each time: try again")


def _lives(info: Inventory) -> bool:
    # A deployment of shape split may lack this path: then 404 shows that the process serves.
    return components.status_of(f"{info.health_url}/live") in (200, 404)


def _extra_failure(extra: ExtraInventory) -> str:
    code = extra.process.poll()
    what = f"was not alive within {_EXTRA_SECONDS:g} s" if code is None else f"ended with exit code {code}"
    return f"{extra.info.name} (inventory-service) {what}; the end of its log:"


def stop_extra(instance: ExtraInventory) -> None:
    """Stop an extra instance, not politely: nobody has to wait for it. One that has ended already is fine."""
    stop_all([(instance.process, signal.SIGKILL)], 3.0)
    clock.forget(instance.process.pid)
