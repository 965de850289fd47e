"""``python -m services.auth``: run auth-service as the environment says."""

from datetime import timedelta

import uvloop

from services.auth.api import auth_app
from services.auth.keys import KeyDirectoryError, SigningKeys
from services.auth.service import AuthService
from services.auth.sessions import Sessions
from services.auth.settings import AuthSettings
from services.common.database import connect
from services.common.http import Listener, Observed, serve
from services.common.logs import configure_logging
from services.common.settings import load_settings, stop


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
    app = auth_app(settings, service, sessions, keys, database)
    try:
        await serve([Listener(Observed(app, None), settings.server_host, settings.server_port, "SERVER_PORT")])
    finally:
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
