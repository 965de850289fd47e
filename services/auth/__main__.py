"""``python -m services.auth``: run auth-service as the environment says."""

import asyncio
import contextlib
from datetime import timedelta

import uvloop

from services.auth.api import AuthGate, auth_app, key_calls, login_calls, probe_calls, token_calls
from services.auth.keys import KeyDirectoryError, SigningKeys
from services.auth.service import AuthService
from services.auth.sessions import Sessions
from services.auth.settings import AuthSettings
from services.common.admission import Turnstile
from services.common.calls import Admission, Call
from services.common.database import connect
from services.common.http import Listener, serve
from services.common.logs import configure_logging
from services.common.metrics import ServiceMetrics
from services.common.settings import Shape, load_settings, stop
from services.common.tokens import TokenVerifier


async def run(settings: AuthSettings, keys: SigningKeys) -> None:
    """Wire the service together, serve until told to stop, then let go of everything."""
    database = connect(settings, "auth-service", lambda *_: None)
    sessions = Sessions(settings)
    service = AuthService(
        database,
        sessions,
        keys,
        timedelta(hours=settings.token_lifetime_hours),
        settings.auth_login_limit_per_minute,
        settings.auth_service_credentials,
    )
    metrics = ServiceMetrics("auth")
    metrics.started()
    gate = AuthGate(TokenVerifier(keys), sessions, service, database)
    public = [*login_calls(settings, service, gate), *token_calls(service, gate), *key_calls(keys)]
    probes = probe_calls(database, sessions)

    admission = Admission(Turnstile(settings.max_calls, 0, 0.0), settings.body_seconds)

    def listener(calls: list[Call], setting: str) -> Listener:
        port: int = getattr(settings, setting.lower())
        app = metrics.observed(auth_app(calls, admission))
        return Listener(app, settings.server_host, port, setting, metrics.observe, lambda: admission.calls.is_full)

    if settings.deployment_shape is Shape.SINGLE:
        listeners = [listener([*public, *probes], "SERVER_PORT")]
    else:
        listeners = [listener(public, "SERVER_PORT"), listener([*key_calls(keys), *probes], "INTERNAL_PORT")]
    watch = asyncio.create_task(service.watch_memory())
    try:
        await serve(listeners, settings, settings.auth_trusted_proxies)
    finally:
        metrics.up.set(0)
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
        await sessions.close()
        await database.close()


def main() -> None:
    """Read the settings, make sure of a signing key, and run."""
    settings = load_settings(AuthSettings)
    configure_logging("auth-service", settings.log_level)
    keys = SigningKeys(settings.auth_keys_dir, settings.token_lifetime_hours * 3600)
    try:
        keys.prepare()
    except KeyDirectoryError as error:
        stop(f"{error}; set AUTH_KEYS_DIR to a directory of this service's own", 1)
    uvloop.run(run(settings, keys))


if __name__ == "__main__":
    main()
