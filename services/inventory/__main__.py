"""``python -m services.inventory``: run inventory-service as the environment says."""

import asyncio
import contextlib
import time
from typing import Any

import prometheus_client
import uvloop
from prometheus_client import disable_created_metrics

from services.common.database import connect
from services.common.http import Listener, Observed, serve
from services.common.logs import configure_logging
from services.common.settings import Shape, load_settings
from services.common.tokens import TokenVerifier
from services.inventory import metrics
from services.inventory.api import Gate, admin_routes, health_routes, internal_routes, inventory_app, public_routes
from services.inventory.health import Health
from services.inventory.keys import PublicKeys
from services.inventory.ledger import Ledger
from services.inventory.self_check import SelfCheck
from services.inventory.service import InventoryService
from services.inventory.settings import InternalAuth, InventorySettings
from services.inventory.store import Store


def observe_database(operation: str, seconds: float, ok: bool) -> None:
    """Count and time one statement."""
    metrics.database_queries.labels(operation, "success" if ok else "error").inc()
    metrics.database_duration.labels(operation).observe(seconds)


def observe_redis(command: str, seconds: float, ok: bool) -> None:
    """Count and time one round trip to Redis."""
    metrics.redis_commands.labels(command, "success" if ok else "error").inc()
    metrics.redis_duration.labels(command).observe(seconds)


def observe_http(method: str, endpoint: str, status: int, seconds: float) -> None:
    """Count and time one request."""
    metrics.http_requests.labels(method, endpoint, str(status)).inc()
    metrics.http_duration.labels(method, endpoint).observe(seconds)


async def metrics_app(scope: Any, _: Any, send: Any) -> None:
    """Answer ``/metrics``."""
    found = scope["path"] == "/metrics"
    body = prometheus_client.generate_latest() if found else b'{"error":"not_found","message":"only /metrics"}'
    kind = prometheus_client.CONTENT_TYPE_LATEST if found else "application/json"
    await send(
        {"type": "http.response.start", "status": 200 if found else 404, "headers": [(b"content-type", kind.encode())]}
    )
    await send({"type": "http.response.body", "body": body})


async def run(settings: InventorySettings) -> None:
    """Wire the service together, serve until told to stop, then let go of everything."""
    database = await connect(settings, "inventory-service", observe_database)
    store = Store(settings, observe_redis)
    keys = PublicKeys(settings.auth_service_url, settings.jwks_min_refresh_seconds, settings.jwks_max_age_seconds)
    service = InventoryService(Ledger(database), store, database)
    gate = Gate(
        TokenVerifier(keys),
        store,
        service,
        settings.deployment_shape is Shape.SPLIT and settings.internal_auth is InternalAuth.NONE,
    )
    health = Health(database, store, keys)
    pool = database.pool
    metrics.database_connections.labels("open").set_function(lambda: float(pool.get_size()))
    metrics.database_connections.labels("idle").set_function(lambda: float(pool.get_idle_size()))
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
        await pool.close()


def _listeners(settings: InventorySettings, service: InventoryService, gate: Gate, health: Health) -> list[Listener]:
    def observed(app: Any) -> Observed:
        return Observed(app, observe_http, metrics.http_in_flight.inc)

    public, internal = public_routes(service, gate), internal_routes(service, gate)
    probes = health_routes(health)
    if settings.deployment_shape is Shape.SINGLE:
        admin = admin_routes(service, gate, "/admin/inventory")
        return [
            Listener(
                observed(inventory_app([*public, *internal, *admin], probes)),
                settings.server_host,
                settings.server_port,
                "SERVER_PORT",
            ),
            Listener(metrics_app, settings.server_host, settings.metrics_port, "METRICS_PORT"),
        ]
    admin = admin_routes(service, gate, "/inventory/admin")
    inside = inventory_app([*internal, *admin], probes, "/api")

    async def internal_or_metrics(scope: Any, receive: Any, send: Any) -> None:
        chosen = metrics_app if scope["type"] == "http" and scope["path"] == "/metrics" else inside
        await chosen(scope, receive, send)

    return [
        Listener(
            observed(inventory_app(public, (), "/api")), settings.server_host, settings.server_port, "SERVER_PORT"
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
