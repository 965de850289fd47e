"""What the suites ask of a stack: to be there, to be described in their settings, and more services beside it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

from . import client, postgres
from .errors import StackError
from .own_services import OwnServices
from .runs import end_with_pabot
from .state import Inventory, Shape, State

# For the instances that all suites share: eight at once on two cores stall for a second now and then, which is not the
# overload that services tell of.
_PATIENCE = {"DB_WAIT_SECONDS": "5"}
# Of roles for a suite's own services: what an address would have to escape stands in it.
_ROLES_PASSWORD = f"{secrets.token_urlsafe(24)}/?#%41:@ "
# What PostgreSQL says when a table cannot grow, to one role alone.
_FULL_DISK = """
CREATE FUNCTION inventory.{role}_has_no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF session_user = '{role}' THEN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {role}_has_no_room BEFORE INSERT ON inventory.operations
    FOR EACH STATEMENT EXECUTE FUNCTION inventory.{role}_has_no_room()
"""


def stack_of_this_run(shape: Shape, instances: int, pabot_library: str | None) -> State:
    """Attach to this run's stack, or start it; under Pabot, whose library's address is given, end with that.

    Raises StackError.
    """
    if pabot_library is not None:
        end_with_pabot(pabot_library.rpartition("/")[2])
    postgres.forget_pg_settings()
    return client.attach_or_start(shape, instances, env=_PATIENCE)


def settings_of(state: State) -> dict[str, object]:
    """Return the ``TARGET_…`` settings that describe a stack."""
    known = state.load_secrets()
    instances = [addresses_of(state.shape, info) for info in state.inventory]
    return {
        "TARGET_SHAPE": state.shape,
        **{f"TARGET_{part.upper()}_URLS": [one[part] for one in instances] for part in instances[0] if part != "name"},
        "TARGET_AUTH_URL": state.auth.url,
        "TARGET_AUTH_INTERNAL_URL": state.auth.internal_url,
        "TARGET_LOGIN_WAYS": ["dev", "telegram"],
        "TARGET_SERVICE_NAME": known.service_name,
        "TARGET_SERVICE_SECRET": None if known.service_token else known.service_secret,
        "TARGET_SERVICE_TOKEN": known.service_token,
        "TARGET_ADMIN_TOKEN": known.admin_token,
        "TARGET_DATABASE_HOST": state.postgres.host,
        "TARGET_DATABASE_PORT": state.postgres.port,
        "TARGET_DATABASE_NAME": state.postgres.dbname,
        "TARGET_DATABASE_USER": state.postgres.user,
        "TARGET_DATABASE_PASSWORD": known.db_password,
        "TARGET_SERVICES_DATABASE_USERS": list(state.postgres.services_users),
        "TARGET_REDIS_HOST": state.redis.host,
        "TARGET_REDIS_PORT": state.redis.port,
        "TARGET_SIGNING_KEY_FILE": known.signing_key_file,
        "TARGET_TELEGRAM_BOT_TOKEN": known.telegram_bot_token,
        "TARGET_CAN_MAKE_ADMIN": True,
        "TARGET_DISPOSABLE": state.disposable,
        **state.settings,
    }


def addresses_of(shape: Shape, info: Inventory) -> dict[str, str]:
    """Return an instance's name and where its listeners are, each with its prefix (contract 1.1)."""
    prefix = "/api" if shape == "split" else ""
    return {
        "name": info.name,
        "public": info.public_url + prefix,
        "internal": info.internal_url + prefix,
        "admin": info.internal_url + ("/api/inventory/admin" if shape == "split" else "/admin/inventory"),
        "health": info.health_url,
        "metrics": info.metrics_url,
    }


def deaths_of(state: State) -> list[str]:
    """Say which components of a stack have ended by themselves, with the end of their logs."""
    try:
        dead = state.refreshed().dead
    except StackError as error:
        return [f"the embedded stack is gone: {error}"]
    return [f"{one.name} has ended with exit code {one.exit_code}; the end of its log:\n{one.log_tail}" for one in dead]


class Beside:
    """Services that suites have beside a stack for a while."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._own: list[OwnServices] = []
        self._extras: list[client.ExtraInventory] = []
        self._second: client.ExtraInventory | None = None
        self._roles: list[str] = []

    def services(self, settings: Mapping[str, str], *, own_redis: bool) -> OwnServices:
        """Start an auth-service with keys of its own, and an inventory-service that trusts it. Raises StackError."""
        self._own.append(OwnServices(self._state, self._of_its_own(settings), own_redis=own_redis))
        return self._own[-1]

    def instance(self, settings: Mapping[str, str]) -> Inventory:
        """Start one more inventory-service with settings of its own. Raises StackError."""
        self._extras.append(client.spawn_extra_inventory(self._state, self._of_its_own(settings)))
        return self._extras[-1].info

    def _of_its_own(self, settings: Mapping[str, str]) -> dict[str, str | None]:
        return {
            **dict.fromkeys(_PATIENCE),
            **settings,
            **({"DB_PASSWORD": _ROLES_PASSWORD} if settings.get("DB_USER") in self._roles else {}),
        }

    def _password(self) -> str:
        return self._state.load_secrets().db_password

    def _execute(self, statement: str, *values: str) -> None:
        postgres.execute(self._state.postgres.port, self._password(), statement, values)

    def role(self, settings: Iterable[str], *, full_disk: bool = False) -> str:
        """Make a role that may do what the services' may, with settings of its own; return its name.

        With a ``full_disk`` PostgreSQL has no room for what it writes, and reads well.
        """
        name = f"test_{secrets.token_hex(6)}"
        groups = ", ".join(self._state.postgres.services_users)
        self._execute(f"CREATE ROLE {name} LOGIN PASSWORD %s IN ROLE {groups}", _ROLES_PASSWORD)
        self._roles.append(name)
        for setting in settings:
            self._execute(f"ALTER ROLE {name} SET {setting}")
        if full_disk:
            self._execute(_FULL_DISK.format(role=name))
        return name

    def end_connections_of(self, role: str) -> None:
        """End the connections of a role, as an administrator of the database would."""
        self._execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", role)

    def stop(self) -> None:
        """Stop these; nothing running is fine."""
        while self._own:
            self._own.pop().stop()
        while self._extras:
            client.stop_extra(self._extras.pop())
        while self._roles:
            self.end_connections_of(self._roles[-1])
            self._execute(f"DROP FUNCTION IF EXISTS inventory.{self._roles[-1]}_has_no_room CASCADE")
            self._execute(f"DROP ROLE {self._roles.pop()}")

    def second(self) -> Inventory:
        """Return an inventory-service that stays until the end, for all who want a second one. Raises StackError."""
        if self._second is None:
            self._second = client.spawn_extra_inventory(self._state, {})
        return self._second.info

    def close(self) -> None:
        """Stop everything."""
        self.stop()
        if self._second is not None:
            client.stop_extra(self._second)
