"""The commands and settings of the services, in one place; and what tells that they are ready."""

from __future__ import annotations

import http
import http.client
import importlib.util
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from .errors import StackError
from .places import REPO_ROOT
from .ports import HOST, answers
from .processes import PG
from .state import DATABASE, ROLES, USER, Secrets, Shape

# What must not leak in from the shell that starts the stack: settings of the services, PG*, which libpq and asyncpg
# obey, and PYTHONSAFEPATH, which is meant for programs elsewhere.
_OURS = ("DB_", "REDIS_", "SERVER_", "METRICS_", "INTERNAL_", "AUTH_", "TELEGRAM_", "TOKEN_", "JWKS_", PG)
_OURS_EXACT = (
    "MAX_HEADER_BYTES", "HEADER_SECONDS", "BODY_SECONDS", "IDLE_SECONDS", "MAX_CONNECTIONS", "MAX_CALLS",
    "DRAIN_SECONDS", "PLAYER_CALLS", "PLAYER_MAX_WAITING", "PLAYER_WAIT_SECONDS", "DEPLOYMENT_SHAPE",
    "LOG_LEVEL", "ADMIN_AUTH", "LEDGER_CHECK_SECONDS", "HEALTH_WATCH_SECONDS", "PYTHONSAFEPATH",
)  # fmt: skip


def _package() -> str:
    # Tests of the stack put stubs in the place of the services.
    return os.environ.get("SHARD_SERVICE_MODULE_PREFIX", "services")


def command(service: str, fault: str | None = None, dialect: str | None = None) -> list[str]:
    """The command of ``auth``, ``inventory`` or ``migrations``; it runs in the root of the checkout.

    With a fault or a dialect, the service is started by the gallery, which changes it first.
    """
    changes = ",".join(name for name in (dialect, fault) if name)
    if changes:
        return [sys.executable, "-m", "faults", "run", changes, service]
    return [sys.executable, "-m", f"{_package()}.{service}"]


@dataclass(frozen=True)
class Spoken:
    """What dialects ask of the stack: settings of the services and of the suites, instances, tokens for callers."""

    env: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    instances: int | None = None
    tokens: Callable[[bytes], dict[str, str]] = lambda _: {}


def spoken(dialect: str | None, shape: Shape) -> Spoken:
    """What ``NAME[,NAME…]`` asks of a stack of a shape. Raises StackError for an unknown name."""
    if not dialect:
        return Spoken()
    # Loads the services, which other stacks need not.
    from faults import dialects
    from faults.fault import FaultError

    try:
        chosen = dialects.spoken(dialect, shape)
    except FaultError as error:
        raise StackError(str(error)) from error
    return Spoken(
        {name: value for one in chosen for name, value in one.env.items()},
        dialects.described(chosen),
        next((one.instances for one in chosen if one.instances), None),
        lambda key: dialects.tokens(chosen, key),
    )


def speakable(dialect: str | None, shape: Shape) -> str | None:
    """The part of ``NAME[,NAME…]`` that a service of a shape can speak, None for nothing of it."""
    if not dialect:
        return None
    # Loads the services, which other stacks need not.
    from faults.dialects.dialect import KNOWN

    names = (name for name in dialect.split(",") if name not in KNOWN or shape in KNOWN[name].shapes)
    return ",".join(names) or None


def migration_files() -> list[Path]:
    """All files of the migrations package, sorted. Raises StackError when there is no such package."""
    try:
        found = importlib.util.find_spec(f"{_package()}.migrations")
    except ModuleNotFoundError:
        found = None
    if found is None or not found.submodule_search_locations:
        raise StackError(f"package {_package()}.migrations is missing under {REPO_ROOT}")
    folder = Path(next(iter(found.submodule_search_locations)))
    return sorted(path for path in folder.iterdir() if path.suffix in (".sql", ".py"))


def base_env() -> dict[str, str]:
    """The environment of a process of ours before its own settings: it imports this checkout's packages first."""
    given = os.environ.items()
    kept = {name: value for name, value in given if not name.startswith(_OURS) and name not in _OURS_EXACT}
    # A folder that Python looks into anyway: an empty word would be the current one.
    folders = [str(REPO_ROOT), *filter(None, kept.get("PYTHONPATH", "").split(os.pathsep))]
    return kept | {"PYTHONPATH": os.pathsep.join(folders)}


def data_env(db_port: int, db_password: str, redis_port: int) -> dict[str, str]:
    """Where the data is."""
    return {
        "DB_HOST": HOST,
        "DB_PORT": str(db_port),
        "DB_NAME": DATABASE,
        "DB_USER": USER,
        "DB_PASSWORD": db_password,
        "REDIS_HOST": HOST,
        "REDIS_PORT": str(redis_port),
        "SERVER_HOST": HOST,
    }


def service_env(service: str, db_port: int, secrets: Secrets, redis_port: int, *, changed: bool) -> dict[str, str]:
    """Where the data is, for a service: it comes as its own role. What changes it first needs the owner's, too."""
    env = data_env(db_port, secrets.db_password, redis_port)
    owner = {"FAULTS_DB_USER": USER, "FAULTS_DB_PASSWORD": secrets.db_password} if changed else {}
    # A state that other hands have written may know of no roles.
    role = {"DB_USER": ROLES[service], "DB_PASSWORD": secrets.services_db_password}
    return env | (role if secrets.services_db_password else {}) | owner


def auth_env(shape: Shape, port: int, secrets: Secrets, internal: int | None = None) -> dict[str, str]:
    """Settings of auth-service; ``internal`` is the port of its internal listener in shape ``split``."""
    settings = {
        "DEPLOYMENT_SHAPE": shape,
        "SERVER_PORT": str(port),
        "AUTH_DEV_LOGIN": "true",
        "AUTH_LOGIN_LIMIT_PER_MINUTE": "1000000",
        "AUTH_KEYS_DIR": str(Path(secrets.signing_key_file).parent),
        "AUTH_SERVICE_CREDENTIALS": json.dumps({secrets.service_name: secrets.service_secret}),
        "TELEGRAM_BOT_TOKEN": secrets.telegram_bot_token,
    }
    return settings | ({"INTERNAL_PORT": str(internal)} if shape == "split" else {})


def inventory_env(shape: Shape, public: int, internal: int, metrics: int, auth_url: str) -> dict[str, str]:
    """Settings of one inventory-service instance."""
    settings = {
        "DEPLOYMENT_SHAPE": shape,
        "SERVER_PORT": str(public),
        "METRICS_PORT": str(metrics),
        "AUTH_SERVICE_URL": auth_url,
        # A test of an unknown key should not have to wait for seconds.
        "JWKS_MIN_REFRESH_SECONDS": "0.5",
    }
    return settings | ({"INTERNAL_PORT": str(internal)} if shape == "split" else {})


def inventory_urls(shape: Shape, public: int, internal: int, metrics: int) -> dict[str, str]:
    """Addresses of one inventory-service instance, without the prefix of shape ``split``."""
    internal_url = url(internal) if shape == "split" else url(public)
    return {
        "public_url": url(public),
        "internal_url": internal_url,
        "health_url": f"{internal_url}/health",
        "metrics_url": f"{internal_url if shape == 'split' else url(metrics)}/metrics",
    }


def url(port: int) -> str:
    """Address of a local server."""
    return f"http://{HOST}:{port}"


def status_of(address: str) -> int | None:
    """Status of a GET, None when nothing answers within a second."""
    parts = urlsplit(address)
    session = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=1.0)
    try:
        session.request("GET", parts.path)
        return session.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        session.close()


def is_ready(health_url: str, ports: list[int]) -> bool:
    """True when every listener accepts connections and the health check is content."""
    return all(answers(port) for port in ports) and status_of(health_url) == http.HTTPStatus.OK
