"""``python -m services.inventory``: run inventory-service as the environment says."""

import asyncio
import contextlib

import uvloop

from services.common.admission import Turnstile, Turnstiles
from services.common.calls import Admission, Call
from services.common.database import connect
from services.common.http import Listener, serve
from services.common.logs import configure_logging
from services.common.metrics import metrics_call
from services.common.settings import Shape, load_settings
from services.common.tokens import TokenVerifier
from services.inventory import metrics
from services.inventory.api import Gate, admin_calls, health_calls, internal_calls, inventory_app, public_calls
from services.inventory.health import Health
from services.inventory.keys import PublicKeys
from services.inventory.ledger import Ledger
from services.inventory.self_check import SelfCheck
from services.inventory.service import InventoryService
from services.inventory.settings import Guard, InventorySettings
from services.inventory.store import Store


async def run(settings: InventorySettings) -> None:
    """Wire the service together, serve until told to stop, then let go of everything."""
    database = connect(settings, "inventory-service", metrics.observe_database)
    store = Store(settings, metrics.observe_redis)
    keys = PublicKeys(settings.auth_service_url, settings.jwks_min_refresh_seconds, settings.jwks_max_age_seconds)
    players = Turnstiles(settings.player_calls, settings.player_max_waiting, settings.player_wait_seconds)
    service = InventoryService(Ledger(database, players, settings.db_wait_seconds), store, database)
    is_split = settings.deployment_shape is Shape.SPLIT
    gate = Gate(
        TokenVerifier(keys),
        store,
        database,
        metrics.ActiveUsers(settings.active_users_seconds),
        internal_open=is_split and settings.internal_auth is Guard.NONE,
        admin_open=is_split and settings.admin_auth is Guard.NONE,
    )
    health = Health(database, store, keys, settings.health_watch_seconds)
    metrics.database_connections.labels("open").set_function(database.connections)
    metrics.database_connections.labels("idle").set_function(database.idle_connections)
    metrics.redis_connections.labels("open").set_function(store.connections)
    metrics.service.started()
    await keys.start()
    self_check = SelfCheck(database, settings.ledger_check_seconds)
    watches = [asyncio.create_task(health.watch()), asyncio.create_task(self_check.watch())]
    try:
        await serve(_listeners(settings, service, gate, health), settings)
    finally:
        metrics.service.up.set(0)
        for watch in watches:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
        await keys.close()
        await store.close()
        await database.close()


def _listeners(settings: InventorySettings, service: InventoryService, gate: Gate, health: Health) -> list[Listener]:
    admission = Admission(Turnstile(settings.max_calls, 0, 0.0), settings.body_seconds)

    def listener(calls: list[Call], setting: str) -> Listener:
        port: int = getattr(settings, setting.lower())
        app = metrics.service.observed(inventory_app(calls, admission))
        return Listener(
            app, settings.server_host, port, setting, metrics.service.observe, lambda: admission.calls.is_full
        )

    probes = health_calls(health)
    if settings.deployment_shape is Shape.SINGLE:
        calls = [*public_calls(service, gate, ""), *internal_calls(service, gate, "")]
        admin = admin_calls(service, gate, "/admin/inventory")
        return [listener([*calls, *admin, *probes], "SERVER_PORT"), listener([metrics_call()], "METRICS_PORT")]
    admin = admin_calls(service, gate, "/api/inventory/admin")
    inside = [*internal_calls(service, gate, "/api"), *admin, *probes, metrics_call()]
    return [listener(public_calls(service, gate, "/api"), "SERVER_PORT"), listener(inside, "INTERNAL_PORT")]


def main() -> None:
    """Read the settings and run."""
    settings = load_settings(InventorySettings)
    configure_logging("inventory-service", settings.log_level)
    uvloop.run(run(settings))


if __name__ == "__main__":
    main()
