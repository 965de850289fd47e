"""What is under test: one frozen description, read from ``TARGET_…`` settings (contract, section 1)."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from robot.api.types import Secret

Shape = Literal["single", "split"]
Login = Literal["dev", "telegram"]
InternalAuth = Literal["token", "network"]
T = TypeVar("T")
_SHAPES: tuple[Shape, ...] = ("single", "split")
_LOGINS: tuple[Login, ...] = ("dev", "telegram")
_GUARDS: tuple[InternalAuth, ...] = ("token", "network")


class TargetError(Exception):
    """A setting is missing or bad, or the target does not answer. The message is one line that says what to do."""


@dataclass(frozen=True)
class Instance:
    """Addresses of one inventory-service, each with its prefix and without a slash at the end."""

    name: str
    public: str
    internal: str | None = None
    admin: str | None = None
    health: str | None = None
    metrics: str | None = None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Database:
    """Where PostgreSQL is."""

    host: str
    port: int
    name: str
    user: str
    password: Secret


@dataclass(frozen=True)
class Redis:
    """Where Redis is."""

    host: str
    port: int
    password: Secret | None = None


@dataclass(frozen=True)
class Target:
    """A deployment. A part that is None is not there, and tests that need it are skipped."""

    name: str
    shape: Shape = "single"
    instances: tuple[Instance, ...] = ()
    auth: str | None = None
    login: Login = "dev"
    login_ways: frozenset[Login] = frozenset({"dev"})
    internal_auth: InternalAuth = "token"
    service_name: str | None = None
    service_secret: Secret | None = None
    service_token: Secret | None = None
    database: Database | None = None
    redis: Redis | None = None
    signing_key_file: str | None = None
    bot_token: Secret | None = None
    catalogue_file: str | None = None
    metric_prefix: str = "inventory_"
    can_make_admin: bool = False
    disposable: bool = False
    read_budget_ms: int = 500
    timeout_seconds: int = 10
    # The embedded stack's state (stack.state.State), only there.
    stack: Any = None

    @property
    def first(self) -> Instance:
        """The instance that calls go to unless they name another."""
        return self.instances[0]


# Each part a test may need: how to tell that it is there, and which setting would bring it.
PARTS: dict[str, tuple[Callable[[Target], bool], str]] = {
    "internal calls": (lambda t: t.first.internal is not None, "TARGET_INTERNAL_URLS"),
    "admin calls": (lambda t: t.first.admin is not None, "TARGET_ADMIN_URLS"),
    "auth service": (lambda t: t.auth is not None, "TARGET_AUTH_URL"),
    "dev login": (lambda t: t.auth is not None and "dev" in t.login_ways, "TARGET_LOGIN_WAYS"),
    "telegram login": (
        lambda t: t.auth is not None and t.bot_token is not None and "telegram" in t.login_ways,
        "TARGET_TELEGRAM_BOT_TOKEN and TARGET_LOGIN_WAYS",
    ),
    "health": (lambda t: t.first.health is not None, "TARGET_HEALTH_URLS"),
    "metrics": (lambda t: t.first.metrics is not None, "TARGET_METRICS_URLS"),
    "database": (lambda t: t.database is not None, "TARGET_DATABASE_HOST"),
    "redis": (lambda t: t.redis is not None, "TARGET_REDIS_HOST"),
    "signing key": (lambda t: t.signing_key_file is not None, "TARGET_SIGNING_KEY_FILE"),
    "service tokens": (lambda t: t.internal_auth == "token", "TARGET_INTERNAL_AUTH=token"),
    "service credentials": (
        lambda t: t.service_name is not None and t.service_secret is not None and t.auth is not None,
        "TARGET_SERVICE_NAME and TARGET_SERVICE_SECRET",
    ),
    "administrators": (
        lambda t: t.can_make_admin and t.database is not None,
        "TARGET_CAN_MAKE_ADMIN and TARGET_DATABASE_HOST",
    ),
    "disposable data": (lambda t: t.disposable, "TARGET_DISPOSABLE=True"),
    "single shape": (lambda t: t.shape == "single", "TARGET_SHAPE=single"),
    "split shape": (lambda t: t.shape == "split", "TARGET_SHAPE=split"),
    "services of its own": (lambda t: t.stack is not None, "the embedded stack (variables/embedded.py)"),
}


def given(value: T | None) -> T:
    """Return a part that is there; for use after it was seen to be there. Raises AssertionError otherwise."""
    if value is None:
        raise AssertionError("a part of the target is used that is not there: require it first")
    return value


def lacks(target: Target, part: str) -> str | None:
    """Return why the target cannot serve a test that needs ``part``, or None when it can.

    Raises ValueError when there is no such part.
    """
    if part not in PARTS:
        raise ValueError(f"there is no part {part!r}; parts are: {', '.join(PARTS)}")
    is_there, setting = PARTS[part]
    return None if is_there(target) else f"target {target.name} has no {part} (set {setting})"


class Settings:
    """Reads ``TARGET_…`` settings, whose values may be text from a command line or the environment."""

    NAMES = frozenset({
        "NAME", "STACK", "SHAPE", "INSTANCES", "PUBLIC_URLS", "INTERNAL_URLS", "ADMIN_URLS", "HEALTH_URLS",
        "METRICS_URLS", "AUTH_URL", "LOGIN", "LOGIN_WAYS", "INTERNAL_AUTH", "SERVICE_NAME", "SERVICE_SECRET",
        "SERVICE_TOKEN", "DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USER", "DATABASE_PASSWORD",
        "REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "SIGNING_KEY_FILE", "TELEGRAM_BOT_TOKEN", "CATALOGUE_FILE",
        "METRIC_PREFIX", "CAN_MAKE_ADMIN", "DISPOSABLE", "READ_BUDGET_MS", "TIMEOUT_SECONDS",
    })  # fmt: skip

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = {name.upper(): value for name, value in values.items() if value not in (None, "")}
        for name in self._values:
            if name.removeprefix("TARGET_") not in self.NAMES:
                known = [f"TARGET_{known}" for known in self.NAMES]
                near = difflib.get_close_matches(name, known, 1)
                hint = f": did you mean {near[0]}?" if near else ""
                raise TargetError(f"setting {name} is not known{hint}")

    def text(self, name: str) -> str | None:
        """Return a setting as text, or None."""
        value = self._values.get(f"TARGET_{name}")
        return None if value is None else str(value).strip()

    def required(self, name: str) -> str:
        """Return a setting as text. Raises TargetError when it is missing."""
        value = self.text(name)
        if not value:
            raise TargetError(f"setting TARGET_{name} is missing: put it into the variable file")
        return value

    def secret(self, name: str) -> Secret | None:
        """Return a setting as a Secret, or None."""
        value = self._values.get(f"TARGET_{name}")
        return value if value is None or isinstance(value, Secret) else Secret(str(value))

    def number(self, name: str, default: int) -> int:
        """Return a setting as a whole number above zero."""
        text = self.text(name) or str(default)
        if not text.isdecimal() or int(text) == 0:
            raise TargetError(f"setting TARGET_{name} is {text!r}: it must be a whole number above zero")
        return int(text)

    def flag(self, name: str) -> bool:
        """Return a setting as a truth value; False when missing."""
        text = (self.text(name) or "false").lower()
        if text not in ("true", "false", "yes", "no", "1", "0"):
            raise TargetError(f"setting TARGET_{name} is {text!r}: it must be true or false")
        return text in ("true", "yes", "1")

    def choice(self, name: str, choices: tuple[T, ...], default: T) -> T:
        """Return a setting that is one of the choices."""
        text = self.text(name) or default
        for choice in choices:
            if text == choice:
                return choice
        raise TargetError(f"setting TARGET_{name} is {text!r}: it must be one of {', '.join(map(str, choices))}")

    def words(self, name: str) -> tuple[str, ...]:
        """Return a setting that is a list, or text separated by commas."""
        value = self._values.get(f"TARGET_{name}")
        if value is None:
            return ()
        parts = value if isinstance(value, (list, tuple)) else str(value).split(",")
        return tuple(str(part).strip() for part in parts)

    def urls(self, name: str) -> tuple[str, ...]:
        """Return a setting that is one HTTP address or several, without slashes at their ends."""
        return tuple(_checked_url(name, url) for url in self.words(name))


def _checked_url(name: str, url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise TargetError(f"setting TARGET_{name} is {url!r}: it must be an address like http://host:8080")
    return url.rstrip("/")


def parse_target(values: Mapping[str, object]) -> Target:
    """Return the target that the settings describe. Raises TargetError naming the bad or missing setting."""
    settings = Settings(values)
    shape = settings.choice("SHAPE", _SHAPES, _SHAPES[0])
    auth = settings.urls("AUTH_URL")
    login = settings.choice("LOGIN", _LOGINS, _LOGINS[0])
    ways = [way for way in _LOGINS if way in settings.words("LOGIN_WAYS")]
    return Target(
        name=settings.required("NAME"),
        shape=shape,
        instances=_instances(settings),
        auth=auth[0] if auth else None,
        login=login,
        login_ways=frozenset({login, *ways}),
        internal_auth=settings.choice("INTERNAL_AUTH", _GUARDS, _GUARDS[0]),
        service_name=settings.text("SERVICE_NAME"),
        service_secret=settings.secret("SERVICE_SECRET"),
        service_token=settings.secret("SERVICE_TOKEN"),
        database=_database(settings),
        redis=_redis(settings),
        signing_key_file=settings.text("SIGNING_KEY_FILE"),
        bot_token=settings.secret("TELEGRAM_BOT_TOKEN"),
        catalogue_file=settings.text("CATALOGUE_FILE"),
        metric_prefix=settings.text("METRIC_PREFIX") or "inventory_",
        can_make_admin=settings.flag("CAN_MAKE_ADMIN"),
        disposable=settings.flag("DISPOSABLE"),
        read_budget_ms=settings.number("READ_BUDGET_MS", 500),
        timeout_seconds=settings.number("TIMEOUT_SECONDS", 10),
    )


def _instances(settings: Settings) -> tuple[Instance, ...]:
    settings.required("PUBLIC_URLS")
    public = settings.urls("PUBLIC_URLS")
    others = {part: settings.urls(f"{part.upper()}_URLS") for part in ("internal", "admin", "health", "metrics")}
    for part, urls in others.items():
        if urls and len(urls) != len(public):
            raise TargetError(
                f"setting TARGET_{part.upper()}_URLS has {len(urls)} addresses and TARGET_PUBLIC_URLS {len(public)}: "
                "give one for each instance"
            )
    return tuple(
        Instance(f"inventory-{n + 1}", url, **{part: urls[n] if urls else None for part, urls in others.items()})
        for n, url in enumerate(public)
    )


def _database(settings: Settings) -> Database | None:
    host = settings.text("DATABASE_HOST")
    if not host:
        return None
    return Database(
        host,
        settings.number("DATABASE_PORT", 5432),
        settings.text("DATABASE_NAME") or "shard_legends",
        settings.text("DATABASE_USER") or "postgres",
        settings.secret("DATABASE_PASSWORD") or Secret(""),
    )


def _redis(settings: Settings) -> Redis | None:
    host = settings.text("REDIS_HOST")
    return Redis(host, settings.number("REDIS_PORT", 6379), settings.secret("REDIS_PASSWORD")) if host else None
