"""The embedded stack as a target. Imported only where it is used: other targets need nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from libraries.target.settings import OF_AN_INSTANCE, Instance, Settings, Shape, Target, TargetError, parse_target
from stack import client
from stack.errors import StackError
from stack.postgres import forget_pg_settings
from stack.runs import end_with_pabot
from stack.state import State


def embedded_target(values: Mapping[str, object], pabot_library: str | None) -> Target:
    """Attach to this run's stack, or start it, and describe it; under Pabot, end with that.

    Raises TargetError with one line: an
    address is given too, the shape is none, or the stack does not start.
    """
    settings = Settings(values)
    if settings.unknown():
        raise TargetError(*settings.unknown())
    addresses = [name for name in values if name.endswith(("_URL", "_URLS")) and values[name]]
    if addresses:
        raise TargetError(
            f"{addresses[0]} is given together with the embedded stack, which has addresses of its own: set "
            "TARGET_STACK=none and TARGET_NAME to test what listens there, or leave the address out"
        )
    shape, instances = settings.text("SHAPE") or "single", settings.text("INSTANCES") or "1"
    if shape not in ("single", "split") or not instances.isdecimal():
        raise TargetError(f"TARGET_SHAPE is {shape} and TARGET_INSTANCES {instances}: single or split, and a number")
    try:
        if pabot_library is not None:
            end_with_pabot(pabot_library.rpartition("/")[2])
        forget_pg_settings()
        state = client.attach_or_start(cast(Shape, shape), int(instances))
    except StackError as error:
        raise TargetError(str(error)) from None
    # What the stack tells of itself counts: a service's secret in the environment, say, is another deployment's.
    return parse_target({**values, **_told_by(state)}, state)


def _told_by(state: State) -> dict[str, object]:
    secrets = state.load_secrets()
    instances = [instance_of(state.shape, info) for info in state.inventory]
    return {
        "TARGET_SHAPE": state.shape,
        **{f"TARGET_{part.upper()}_URLS": [getattr(one, part) for one in instances] for part in OF_AN_INSTANCE},
        "TARGET_AUTH_URL": state.auth.url,
        "TARGET_AUTH_INTERNAL_URL": state.auth.internal_url,
        "TARGET_LOGIN_WAYS": ["dev", "telegram"],
        "TARGET_SERVICE_NAME": secrets.service_name,
        "TARGET_SERVICE_SECRET": None if secrets.service_token else secrets.service_secret,
        "TARGET_SERVICE_TOKEN": secrets.service_token,
        "TARGET_ADMIN_TOKEN": secrets.admin_token,
        "TARGET_DATABASE_HOST": state.postgres.host,
        "TARGET_DATABASE_PORT": state.postgres.port,
        "TARGET_DATABASE_NAME": state.postgres.dbname,
        "TARGET_DATABASE_USER": state.postgres.user,
        "TARGET_DATABASE_PASSWORD": secrets.db_password,
        "TARGET_SERVICES_DATABASE_USERS": list(state.postgres.services_users),
        "TARGET_REDIS_HOST": state.redis.host,
        "TARGET_REDIS_PORT": state.redis.port,
        "TARGET_SIGNING_KEY_FILE": secrets.signing_key_file,
        "TARGET_TELEGRAM_BOT_TOKEN": secrets.telegram_bot_token,
        "TARGET_CAN_MAKE_ADMIN": True,
        "TARGET_DISPOSABLE": state.disposable,
        **state.settings,
    }


def instance_of(shape: Shape, info: Any) -> Instance:
    """Describe an instance of the embedded stack in the words of the contract (1.1)."""
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


def ended(target: Target) -> list[str]:
    """Say which components of the target's stack have ended by themselves, with the end of their logs."""
    try:
        dead = target.stack.refreshed().dead
    except StackError as error:
        return [f"the embedded stack is gone: {error}"]
    return [f"{one.name} has ended with exit code {one.exit_code}; the end of its log:\n{one.log_tail}" for one in dead]
