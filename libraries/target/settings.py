"""A deployment as one frozen description, read from ``TARGET_…`` settings (contract 1.1)."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from robot.api.types import Secret

Shape = Literal["single", "split"]
Login = Literal["dev", "telegram"]
Guard = Literal["token", "network"]
_YES = ("true", "yes", "1")
OF_AN_INSTANCE = ("public", "internal", "admin", "health", "metrics")


class TargetError(Exception):
    """Settings are missing or bad, or the target does not answer: one line each, in ``args``, that says what to do."""

    def __str__(self) -> str:
        return "; ".join(map(str, self.args))


class Settings:
    """Reads ``TARGET_…`` settings, whose values may be text from a command line or the environment."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = {name.upper(): value for name, value in values.items() if value not in (None, "")}

    def unknown(self) -> list[str]:
        """Return a line for each setting that is not known."""
        known, lines = [f"TARGET_{name}" for name in NAMES], []
        for name in self._values.keys() - known:
            near = difflib.get_close_matches(name, known, 1)
            lines.append(f"setting {name} is not known" + (f": did you mean {near[0]}?" if near else ""))
        return sorted(lines)

    def raw(self, name: str) -> object:
        """Return a setting as it was given, None when it is missing."""
        return self._values.get(f"TARGET_{name}")

    def text(self, name: str) -> str | None:
        """Return a setting as text, or None."""
        value = self.raw(name)
        return None if value is None else str(value).strip()


def _required(settings: Settings, name: str) -> str:
    text = settings.text(name)
    if not text:
        raise TargetError(f"setting TARGET_{name} is missing: put it into the variable file")
    return text


def _secret(settings: Settings, name: str) -> Secret | None:
    value = settings.raw(name)
    return value if value is None or isinstance(value, Secret) else Secret(str(value))


def _checked(settings: Settings, name: str, fits: Callable[[str], bool], wanted: str) -> str | None:
    text = settings.text(name)
    if text and not fits(text):
        raise TargetError(f"setting TARGET_{name} is {text!r}: it must be {wanted}")
    return text


def _flag(settings: Settings, name: str) -> bool:
    text = _checked(settings, name, lambda t: t.lower() in (*_YES, "false", "no", "0"), "true or false")
    return str(text).lower() in _YES


def _file(settings: Settings, name: str) -> str | None:
    return _checked(settings, name, lambda text: Path(text).is_file(), "a file that can be read")


def _limit(settings: Settings, name: str) -> int | None:
    text = _checked(settings, name, lambda t: t.isdecimal() and int(t) > 0, "a whole number above zero")
    return int(text) if text else None


def _words(settings: Settings, name: str) -> tuple[str, ...]:
    value = settings.raw(name)
    if value is None:
        return ()
    parts = value if isinstance(value, (list, tuple)) else str(value).split(",")
    return tuple(str(part).strip() for part in parts)


def _urls(settings: Settings, name: str) -> tuple[str, ...]:
    for url in _words(settings, name):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise TargetError(f"setting TARGET_{name} is {url!r}: it must be an address like http://host:8080")
    return tuple(url.rstrip("/") for url in _words(settings, name))


def _url(settings: Settings, name: str) -> str | None:
    return next(iter(_urls(settings, name)), None)


def _number(default: int) -> Any:
    return _setting(lambda settings, name: _limit(settings, name) or default, default)


def _choice(*choices: str) -> Any:
    wanted = f"one of {', '.join(choices)}"
    return _setting(lambda s, name: _checked(s, name, choices.__contains__, wanted) or choices[0], choices[0])


def _setting(read: Callable[[Settings, str], Any], default: Any = None) -> Any:
    return field(default=default, metadata={"read": read})


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
class Target:
    """A deployment. Each field is the setting of the same name; one that is None is a part that is not there."""

    name: str = _setting(_required, "")
    shape: Shape = _choice("single", "split")
    auth_url: str | None = _setting(_url)
    # Where auth-service tells its health and metrics; in shape single, where it does everything.
    auth_internal_url: str | None = _setting(_url)
    login: Login = _choice("dev", "telegram")
    # How many logins a minute the target allows one address; none stands for as many as tests need.
    login_limit: int | None = _setting(_limit)
    login_ways: tuple[str, ...] = _setting(_words, ())
    internal_auth: Guard = _choice("token", "network")
    admin_auth: Guard = _choice("token", "network")
    service_name: str | None = _setting(Settings.text)
    service_secret: Secret | None = _setting(_secret)
    service_token: Secret | None = _setting(_secret)
    admin_token: Secret | None = _setting(_secret)
    database_host: str | None = _setting(Settings.text)
    database_port: int = _number(5432)
    database_name: str | None = _setting(Settings.text)
    database_user: str | None = _setting(Settings.text)
    database_password: Secret | None = _setting(_secret)
    # The roles that the services have in the database.
    services_database_users: tuple[str, ...] = _setting(_words, ())
    redis_host: str | None = _setting(Settings.text)
    redis_port: int = _number(6379)
    redis_password: Secret | None = _setting(_secret)
    signing_key_file: str | None = _setting(_file)
    telegram_bot_token: Secret | None = _setting(_secret)
    catalogue_file: str | None = _setting(_file)
    # An answer that lists what a player owns (4.3), and that player's token: what is not owned is not known.
    catalogue_url: str | None = _setting(_url)
    catalogue_token: Secret | None = _setting(_secret)
    # Where the services' logs are, as paths or patterns, or what prints them; the embedded stack hands over its own.
    log_files: tuple[str, ...] = _setting(_words, ())
    log_command: str | None = _setting(Settings.text)
    # Command lines that take a part away and give it back. The instance is the last of those in TARGET_PUBLIC_URLS.
    stop_redis: str | None = _setting(Settings.text)
    start_redis: str | None = _setting(Settings.text)
    stop_database: str | None = _setting(Settings.text)
    start_database: str | None = _setting(Settings.text)
    stop_auth: str | None = _setting(Settings.text)
    start_auth: str | None = _setting(Settings.text)
    stop_instance: str | None = _setting(Settings.text)
    start_instance: str | None = _setting(Settings.text)
    metric_prefix: str = _setting(lambda settings, name: settings.text(name) or "inventory_", "inventory_")
    can_make_admin: bool = _setting(_flag, False)
    disposable: bool = _setting(_flag, False)
    read_budget_ms: int = _number(500)
    timeout_seconds: int = _number(10)
    ca_file: str | None = _setting(_file)
    instances: tuple[Instance, ...] = ()
    # The embedded stack's state (stack.state.State), only there.
    stack: Any = None

    @property
    def first(self) -> Instance:
        """The instance that calls go to unless they name another."""
        return self.instances[0]

    def urls(self) -> list[str]:
        """Every address of the target."""
        found = [getattr(one, part) for one in self.instances for part in OF_AN_INSTANCE]
        return [url for url in (self.auth_url, self.auth_internal_url, *found) if url]

    def secrets(self) -> list[str]:
        """What no log may hold."""
        return [value.value for one in fields(self) if isinstance(value := getattr(self, one.name), Secret)]


_OF_LISTS = [f"{part.upper()}_URLS" for part in OF_AN_INSTANCE]
NAMES = ["STACK", "INSTANCES", *_OF_LISTS, *(one.name.upper() for one in fields(Target) if one.metadata)]


def _all_of(*names: str) -> tuple[Callable[[Target], object], str]:
    return lambda t: all(getattr(t, name) for name in names), " and ".join(f"TARGET_{name.upper()}" for name in names)


# Each part a test may need: how to tell that it is there, and which setting would bring it.
PARTS: dict[str, tuple[Callable[[Target], object], str]] = {
    "internal calls": (lambda t: t.first.internal, "TARGET_INTERNAL_URLS"),
    "admin calls": (lambda t: t.first.admin, "TARGET_ADMIN_URLS"),
    "auth service": _all_of("auth_url"),
    "auth health": _all_of("auth_internal_url"),
    "dev login": (lambda t: t.auth_url and "dev" in t.login_ways, "TARGET_LOGIN_WAYS"),
    "telegram login": (
        lambda t: t.auth_url and t.telegram_bot_token and "telegram" in t.login_ways,
        "TARGET_TELEGRAM_BOT_TOKEN and TARGET_LOGIN_WAYS",
    ),
    "health": (lambda t: t.first.health, "TARGET_HEALTH_URLS"),
    "metrics": (lambda t: t.first.metrics, "TARGET_METRICS_URLS"),
    "database": _all_of("database_host"),
    "services' database users": _all_of("services_database_users", "database_host"),
    "catalogue": (
        lambda t: t.database_host or t.catalogue_file or (t.catalogue_url and t.catalogue_token),
        "TARGET_DATABASE_HOST, TARGET_CATALOGUE_FILE, or TARGET_CATALOGUE_URL and TARGET_CATALOGUE_TOKEN",
    ),
    "redis": _all_of("redis_host"),
    "signing key": _all_of("signing_key_file"),
    "service tokens": (lambda t: t.internal_auth == "token", "TARGET_INTERNAL_AUTH=token"),
    "admin tokens": (lambda t: t.admin_auth == "token", "TARGET_ADMIN_AUTH=token"),
    "service credentials": (
        lambda t: t.service_name and t.service_secret and t.auth_url,
        "TARGET_SERVICE_NAME and TARGET_SERVICE_SECRET",
    ),
    "an administrator": (
        lambda t: t.admin_auth == "network" or t.admin_token or (t.can_make_admin and t.database_host),
        "TARGET_ADMIN_TOKEN, or TARGET_CAN_MAKE_ADMIN and TARGET_DATABASE_HOST, or TARGET_ADMIN_AUTH=network",
    ),
    "administrators": _all_of("can_make_admin", "database_host"),
    "disposable data": (lambda t: t.disposable, "TARGET_DISPOSABLE=True"),
    "single shape": (lambda t: t.shape == "single", "TARGET_SHAPE=single"),
    "split shape": (lambda t: t.shape == "split", "TARGET_SHAPE=split"),
    "logs": (lambda t: t.stack or t.log_files or t.log_command, "TARGET_LOG_FILES or TARGET_LOG_COMMAND"),
    "redis outage": _all_of("stop_redis", "start_redis"),
    "database outage": _all_of("stop_database", "start_database"),
    "login limit": (lambda t: t.login_limit and t.login_limit <= 100, "TARGET_LOGIN_LIMIT, if it is 100 or less"),
    # Far more than a run of the suites makes in a minute, which counts too.
    "many logins at one instant": (
        lambda t: t.login_limit is None or t.login_limit >= 3000,
        "no TARGET_LOGIN_LIMIT, or one of 3000 or more",
    ),
    "auth outage": _all_of("stop_auth", "start_auth"),
    "instance outage": _all_of("stop_instance", "start_instance"),
    "a stack that mends": (
        lambda t: t.stack and t.stack.mends,
        "SHARD_STACK_MENDS=1 and no stack that was started by hand, as `make resilience` does",
    ),
    "second instance": (
        lambda t: t.stack or len(t.instances) > 1,
        "a second address in TARGET_PUBLIC_URLS and its like",
    ),
    "services of its own": (
        lambda t: t.stack,
        "the embedded stack, variables/embedded.py, but TARGET_STOP_REDIS and its like let some of it be asked",
    ),
}


def lacks(target: Target, part: str) -> str | None:
    """Return why the target cannot serve a test that needs ``part``, or None when it can.

    Raises ValueError when there is no such part.
    """
    if part not in PARTS:
        raise ValueError(f"there is no part {part!r}; parts are: {', '.join(PARTS)}")
    is_there, setting = PARTS[part]
    return None if is_there(target) else f"target {target.name} has no {part} (needs {setting})"


def parse_target(values: Mapping[str, object], stack: Any = None) -> Target:
    """Return the target that the settings describe. Raises TargetError naming each bad or missing setting."""
    settings = Settings(values)
    problems, read = settings.unknown(), {}
    readers = {
        one.name: partial(one.metadata["read"], settings, one.name.upper()) for one in fields(Target) if one.metadata
    }
    for name, reader in {**readers, "instances": partial(_instances, settings)}.items():
        try:
            read[name] = reader()
        except TargetError as error:
            problems += error.args
    if problems:
        raise TargetError(*problems)
    if read["shape"] == "single":
        read["auth_internal_url"] = read["auth_internal_url"] or read["auth_url"]
    read["login_ways"] = tuple({read["login"], *read["login_ways"]})
    return Target(**read, stack=stack)


def _instances(settings: Settings) -> tuple[Instance, ...]:
    _required(settings, "PUBLIC_URLS")
    public, *others = (_urls(settings, name) for name in _OF_LISTS)
    for name, urls in zip(_OF_LISTS[1:], others, strict=True):
        if urls and len(urls) != len(public):
            raise TargetError(
                f"setting TARGET_{name} has {len(urls)} addresses and TARGET_PUBLIC_URLS {len(public)}: "
                "give one for each instance"
            )
    return tuple(
        Instance(f"inventory-{n + 1}", url, *(urls[n] if urls else None for urls in others))
        for n, url in enumerate(public)
    )
