"""Finds the target of this run once a process: starts the embedded stack, or asks whether another target answers."""

from __future__ import annotations

import os
import runpy
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from robot.api import FatalError, logger
from robot.api.types import Secret
from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

from libraries import redaction
from libraries.pabot_run import end_with_pabot
from libraries.target import Database, Instance, Redis, Settings, Shape, Target, TargetError, parse_target
from stack import client as stack_client
from stack.errors import StackError

PROBE_SECONDS = 8.0
_DEFAULTS = Path(__file__).parent.parent / "variables" / "embedded.py"
_found: Target | None = None
_failure: str | None = None


def target() -> Target:
    """Return this run's target, prepared on first use.

    Raises FatalError with one message when it cannot be used; the run then stops.
    """
    global _found, _failure
    if _failure is not None:
        raise FatalError(_failure)
    if _found is None:
        try:
            end_with_pabot()
            _found = prepare(gather_settings())
        except (TargetError, StackError) as error:
            _failure = str(error)
            raise FatalError(_failure) from None
        _register_secrets(_found)
        logger.info(f"Target {_found.name}, shape {_found.shape}: {', '.join(i.public for i in _found.instances)}")
    return _found


def gather_settings(environment: Mapping[str, str] = os.environ) -> dict[str, object]:
    """Collect the settings: the variable file's (embedded's by default), and over them the environment's."""
    given = _robot_variables()
    settings = dict(given) if given.get("TARGET_NAME") else _default_settings() | given
    return settings | {name: value for name, value in environment.items() if _is_setting(name)}


def _is_setting(name: str) -> bool:
    return name.startswith("TARGET_") and name.removeprefix("TARGET_") in Settings.NAMES


def _default_settings() -> dict[str, object]:
    return {name: value for name, value in runpy.run_path(str(_DEFAULTS)).items() if name.startswith("TARGET_")}


def _robot_variables() -> dict[str, object]:
    try:
        variables = BuiltIn().get_variables(no_decoration=True)
    except RobotNotRunningError:
        return {}
    return {name.upper(): value for name, value in variables.items() if name.upper().startswith("TARGET_")}


def prepare(settings: Mapping[str, object]) -> Target:
    """Return a target that answers. Raises TargetError or StackError, each with one line."""
    read = Settings(settings)
    if read.choice("STACK", ("embedded", "none"), "none") == "embedded":
        return embedded_target(read)
    found = parse_target(settings)
    probe(found)
    return found


def embedded_target(settings: Settings) -> Target:
    """Attach to this run's stack, or start it, and describe it."""
    shape = cast(Shape, settings.choice("SHAPE", ("single", "split"), "single"))
    state = stack_client.attach_or_start(shape, settings.number("INSTANCES", 1))
    secrets = state.load_secrets()
    return Target(
        name=settings.required("NAME"),
        shape=state.shape,
        instances=tuple(instance_of(state.shape, info) for info in state.inventory),
        auth=state.auth.url,
        login=settings.choice("LOGIN", ("dev", "telegram"), "dev"),
        login_ways=frozenset({"dev", "telegram"}),
        service_name=secrets.service_name,
        service_secret=Secret(secrets.service_secret),
        database=Database(
            state.postgres.host, state.postgres.port, state.postgres.dbname, state.postgres.user,
            Secret(secrets.db_password),
        ),
        redis=Redis(state.redis.host, state.redis.port),
        signing_key_file=secrets.signing_key_file,
        bot_token=Secret(secrets.telegram_bot_token),
        can_make_admin=True,
        disposable=state.disposable,
        read_budget_ms=settings.number("READ_BUDGET_MS", 500),
        timeout_seconds=settings.number("TIMEOUT_SECONDS", 10),
        stack=state,
    )  # fmt: skip


def instance_of(shape: Shape, info: Any) -> Instance:
    """Describe an instance of the embedded stack in the words of the contract's section 1."""
    prefix = "/api" if shape == "split" else ""
    admin = "/api/inventory/admin" if shape == "split" else "/admin/inventory"
    return Instance(
        name=info.name,
        public=info.public_url + prefix,
        internal=info.internal_url + prefix,
        admin=info.internal_url + admin,
        health=info.health_url,
        metrics=info.metrics_url,
    )


def probe(found: Target, seconds: float = PROBE_SECONDS) -> None:
    """Wait until every address answers. Raises TargetError naming the first that does not, and its setting."""
    deadline = time.monotonic() + seconds
    for setting, url in _addresses(found):
        problem = _ask(url, deadline)
        if problem:
            address = f"{urlsplit(url).hostname}:{urlsplit(url).port or urlsplit(url).scheme}"
            raise TargetError(
                f"target {found.name} does not answer at {url}: {problem}. "
                f"Start what listens at {address}, or change {setting} in the variable file."
            )


def _addresses(found: Target) -> list[tuple[str, str]]:
    wanted = [("TARGET_PUBLIC_URLS", instance.public) for instance in found.instances]
    wanted += [("TARGET_HEALTH_URLS", instance.health) for instance in found.instances if instance.health]
    return [*wanted, *([("TARGET_AUTH_URL", f"{found.auth}/jwks")] if found.auth else [])]


def _ask(url: str, deadline: float) -> str | None:
    problem = "no time was left to ask"
    while True:
        try:
            answer = requests.get(url, timeout=max(0.2, min(2.0, deadline - time.monotonic())), verify=True)
        except requests.RequestException as error:
            problem = _reason(error)
        else:
            if answer.status_code < 500:
                return None
            problem = f"status {answer.status_code}"
        if time.monotonic() > deadline - 0.2:
            return problem
        time.sleep(0.2)


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    text = str(error)
    return "connection refused" if "refused" in text else type(error).__name__


def _register_secrets(found: Target) -> None:
    passwords = [found.database.password if found.database else None, found.redis.password if found.redis else None]
    for secret in (found.service_secret, found.service_token, found.bot_token, *passwords):
        if secret is not None:
            redaction.remember_secret(secret.value)
