"""``python -m services.inventory``: run inventory-service as the environment says."""

import asyncio
import contextlib
import time
from typing import Any

import prometheus_client
import uvloop
from prometheus_client import disable_created_metrics

from services.common.calls import Answer, respond
from services.common.database import connect
from services.common.http import Listener, Observed, serve
from services.common.logs import configure_logging
from services.common.settings import Shape, load_settings
from services.common.tokens import TokenVerifier
from services.inventory import metrics
from services.inventory.api import Gate, admin_calls, health_calls, internal_calls, inventory_app, public_calls
from services.inventory.health import Health
from services.inventory.keys import PublicKeys
from services.inventory.ledger import Ledger
from services.inventory.self_check import SelfCheck
from services.inventory.service import InventoryService
from services.inventory.settings import InternalAuth, InventorySettings
from services.inventory.store import Store


async def metrics_app(scope: Any, _: Any, send: Any) -> None:
    """Answer ``/metrics``."""
    if scope["path"] != "/metrics":
        await respond(send, Answer({"error": "not_found", "message": "only /metrics"}, 404))
        return
    kind = prometheus_client.CONTENT_TYPE_LATEST.encode()
    await respond(send, Answer(prometheus_client.generate_latest(), media_type=kind))


async def run(settings: InventorySettings) -> None:
    """Wire the service together, serve until told to stop, then let go of everything."""
    database = connect(settings, "inventory-service", metrics.observe_database)
    store = Store(settings, metrics.observe_redis)
    keys = PublicKeys(settings.auth_service_url, settings.jwks_min_refresh_seconds, settings.jwks_max_age_seconds)
    service = InventoryService(Ledger(database), store, database)
    gate = Gate(
        TokenVerifier(keys),
        store,
        service,
        settings.deployment_shape is Shape.SPLIT and settings.internal_auth is InternalAuth.NONE,
    )
    health = Health(database, store, keys)
    metrics.database_connections.labels("open").set_function(database.connections)
    metrics.database_connections.labels("idle").set_function(database.idle_connections)
    metrics.redis_connections.labels("open").set_function(store.connections)
    metrics.start_time.set(time.time())
    metrics.up.set(1)
    await keys.start()
    self_check = SelfCheck(database, settings.ledger_check_seconds)
    watches = [asyncio.create_task(health.watch()), asyncio.create_task(self_check.watch())]
    try:
        await serve(_listeners(settings, service, gate, health))
    finally:
        metrics.up.set(0)
        for watch in watches:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
        await keys.close()
        await store.close()
        await database.close()


def _listeners(settings: InventorySettings, service: InventoryService, gate: Gate, health: Health) -> list[Listener]:
    all_observed: list[Observed] = []

    def observed(app: Any) -> Observed:
        all_observed.append(Observed(app, metrics.observe_http))
        return all_observed[-1]

    metrics.http_in_flight.set_function(lambda: float(sum(one.in_flight for one in all_observed)))

    probes = health_calls(health)
    if settings.deployment_shape is Shape.SINGLE:
        calls = [*public_calls(service, gate, ""), *internal_calls(service, gate, "")]
        admin = admin_calls(service, gate, "/admin/inventory")
        return [
            Listener(
                observed(inventory_app([*calls, *admin, *probes])),
                settings.server_host,
                settings.server_port,
                "SERVER_PORT",
            ),
            Listener(metrics_app, settings.server_host, settings.metrics_port, "METRICS_PORT"),
        ]
    admin = admin_calls(service, gate, "/api/inventory/admin")
    inside = inventory_app([*internal_calls(service, gate, "/api"), *admin, *probes])

    async def internal_or_metrics(scope: Any, receive: Any, send: Any) -> None:
        chosen = metrics_app if scope["type"] == "http" and scope["path"] == "/metrics" else inside
        await chosen(scope, receive, send)

    return [
        Listener(
            observed(inventory_app(public_calls(service, gate, "/api"))),
            settings.server_host,
            settings.server_port,
            "SERVER_PORT",
        ),
        Listener(observed(internal_or_metrics), settings.server_host, settings.internal_port, "INTERNAL_PORT"),
    ]


def main() -> None:
    """Read the settings and run."""
    settings = load_settings(InventorySettings)
    configure_logging("inventory-service", settings.log_level)
    disable_created_metrics()  # type: ignore[no-untyped-call]
    uvloop.run(run(settings))


if __name__ == "__main__":
    main()
