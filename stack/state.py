"""Typed form of the files that a stack and its users exchange: specification, state, secrets."""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from .errors import StackError

Shape = Literal["single", "split"]
SCHEMA = 1
USER = "postgres"
# The services' own, made by their migrations: they can do what the service does.
ROLES = {"auth": "auth_service", "inventory": "inventory_service"}
DATABASE = "shard_legends"


class ProcessKey(NamedTuple):
    """A process that no later one can be mistaken for: its id and start time in clock ticks since boot."""

    pid: int
    start_time: int


@dataclass(frozen=True)
class Spec:
    """What a stack was asked to be. ``owner`` is the process it ends with, None for one started by hand.

    With ``restart``, what has died is started again.
    """

    name: str
    starter: ProcessKey
    owner: ProcessKey | None = None
    shape: Shape = "single"
    instances: int = 1
    fault: str | None = None
    dialect: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    ready_seconds: float = 20.0
    # Whether a component that ends is started again, as an orchestrator does it, instead of ending the run.
    mends: bool = False
    # In how many seconds it is midnight (UTC) by its clock; None for the machine's clock.
    midnight_in: float | None = None

    def wish(self) -> tuple[object, ...]:
        """The part that a caller chooses, to compare two specifications."""
        return (self.shape, self.instances, self.fault, self.dialect, self.env, self.ports, self.mends)


@dataclass(frozen=True)
class Secrets:
    """What only this stack knows; the file it comes from has mode 0600.

    The tokens are there only when the stack's services do not give them to whoever asks.
    """

    db_password: str
    service_name: str
    service_secret: str
    telegram_bot_token: str
    signing_key_file: str
    service_token: str | None = None
    admin_token: str | None = None
    services_db_password: str = ""


@dataclass(frozen=True)
class Inventory:
    """One inventory-service instance. In shape ``single`` both URLs are the same."""

    name: str
    public_url: str
    internal_url: str
    health_url: str
    metrics_url: str
    pid: int
    log: str


@dataclass(frozen=True)
class Auth:
    """The auth-service. ``internal_url`` serves its health and metrics; in shape ``single`` both URLs are the same."""

    name: str
    url: str
    internal_url: str
    pid: int
    log: str


@dataclass(frozen=True)
class Postgres:
    """The database server, the role that owns everything in it, and the roles of the services."""

    host: str
    port: int
    dbname: str
    user: str
    pid: int
    log: str
    services_users: tuple[str, ...] = ()


@dataclass(frozen=True)
class Redis:
    """The Redis server; no password."""

    host: str
    port: int
    pid: int
    log: str


@dataclass(frozen=True)
class Dead:
    """A component that ended by itself while the stack was up; a negative exit code is a signal."""

    name: str
    exit_code: int
    log_tail: str


@dataclass(frozen=True)
class State:
    """A running stack, as ``state.json`` in its run folder tells it.

    ``settings`` are the ``TARGET_…`` settings in which a dialect differs from the reference services.
    """

    shape: Shape
    owner_pid: int | None
    supervisor_pid: int
    supervisor_start: int
    inventory: tuple[Inventory, ...]
    auth: Auth
    postgres: Postgres
    redis: Redis
    secrets: str
    run_dir: str
    disposable: bool = True
    fault: str | None = None
    dialect: str | None = None
    settings: dict[str, str] = field(default_factory=dict)
    ready_after_seconds: float = 0.0
    dead: tuple[Dead, ...] = ()
    mends: bool = False
    schema: int = SCHEMA

    def load_secrets(self) -> Secrets:
        """Read the secrets file. Raises StackError when it cannot be read."""
        return Secrets(**read_json(Path(self.secrets)))

    def load_spec(self) -> Spec | None:
        """What was asked for, or None when this state was not written by ``stack``."""
        path = Path(self.run_dir) / "spec.json"
        return load_spec(path) if path.exists() else None

    def refreshed(self) -> State:
        """The same stack as its file tells it now, for instance with ``dead`` components."""
        return load_state(Path(self.run_dir) / "state.json")


def load_state(path: Path) -> State:
    """Read a state file. Raises StackError naming the file when it is missing or not understood."""
    data = read_json(path)
    try:
        if data["schema"] != SCHEMA:
            raise ValueError(f"schema {data['schema']}, wanted {SCHEMA}")
        known = {item.name for item in dataclasses.fields(State)}
        parts: dict[str, Any] = {name: value for name, value in data.items() if name in known}
        parts["inventory"] = tuple(Inventory(**one) for one in data["inventory"])
        # That of an older checkout, which a benchmark compares with, has one address only.
        parts["auth"] = Auth(**{"internal_url": data["auth"]["url"], **data["auth"]})
        parts["postgres"] = Postgres(**data["postgres"])
        parts["redis"] = Redis(**data["redis"])
        parts["dead"] = tuple(Dead(**one) for one in data.get("dead", ()))
        parts.setdefault("supervisor_start", 0)
        return State(**parts)
    except (KeyError, TypeError, ValueError) as error:
        raise StackError(f"state file {path} is not understood: {error}") from error


def load_spec(path: Path) -> Spec:
    """Read a specification. Raises StackError naming the file when it is missing or not understood."""
    data = read_json(path)
    try:
        data["starter"] = ProcessKey(*data["starter"])
        data["owner"] = ProcessKey(*data["owner"]) if data.get("owner") else None
        return Spec(**data)
    except (KeyError, TypeError) as error:
        raise StackError(f"specification {path} is not understood: {error}") from error


def write_json(path: Path, value: object) -> None:
    """Write a dataclass or plain value so that readers see the old or the new file, mode 0600."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1)
    temporary.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    try:
        return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise StackError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise StackError(f"{path} is not JSON: {error}") from error
