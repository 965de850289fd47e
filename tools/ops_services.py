"""Runs a command against services started on a PostgreSQL and a Redis that are there already, for instance a
pipeline's service containers: ``python tools/ops_services.py --shape split -- robot suites/``.

DB_* and REDIS_* say where they are, as for the services themselves. The database is migrated first. The command gets
the TARGET_… settings of these services in its environment; its exit code is ours. All ends with the command.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from stack import components  # noqa: E402
from stack.ports import Ports  # noqa: E402
from stack.processes import log_tail, spawn, stop_all, wait_until  # noqa: E402
from stack.state import Shape  # noqa: E402

NEEDED = ("DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD", "REDIS_HOST", "REDIS_PORT")
SERVICE = "game-service"
_READY_SECONDS = 30.0


class StartError(Exception):
    """The services did not start; the message says why."""


class Services:
    """auth-service and inventory-service as processes of ours."""

    def __init__(self, shape: Shape, logs: Path) -> None:
        self.shape = shape
        self.logs = logs
        self.keys = tempfile.TemporaryDirectory(prefix="auth-keys-")
        self.secret, self.bot_token = secrets.token_urlsafe(24), f"1:{secrets.token_urlsafe(24)}"
        self.children: list[subprocess.Popen[bytes]] = []
        self.data = components.base_env() | {name: os.environ[name] for name in NEEDED} | {"SERVER_HOST": "127.0.0.1"}

    def start(self) -> dict[str, str]:
        """Migrate, start both services, wait until they are ready; returns the TARGET_… settings."""
        done = subprocess.run(
            [sys.executable, "-m", "services.migrations"], cwd=ROOT, env=self.data, check=False, capture_output=True
        )
        if done.returncode != 0:
            raise StartError(done.stderr.decode().strip())
        ports = Ports()
        auth, public, metrics = ports.take("auth"), ports.take("inventory"), ports.take("metrics")
        internal = ports.take("internal") if self.shape == "split" else public
        self._start("auth", auth, self._auth_settings(auth), f"{components.url(auth)}/health")
        settings = components.inventory_env(self.shape, public, internal, metrics, components.url(auth))
        urls = components.inventory_urls(self.shape, public, internal, metrics)
        self._start("inventory", public, settings, urls["health_url"])
        return self._target(urls, components.url(auth))

    def _auth_settings(self, port: int) -> dict[str, str]:
        return {
            "DEPLOYMENT_SHAPE": self.shape,
            "SERVER_PORT": str(port),
            "AUTH_DEV_LOGIN": "true",
            "AUTH_LOGIN_LIMIT_PER_MINUTE": "1000000",
            "AUTH_KEYS_DIR": self.keys.name,
            "AUTH_SERVICE_CREDENTIALS": json.dumps({SERVICE: self.secret}),
            "TELEGRAM_BOT_TOKEN": self.bot_token,
        }

    def _start(self, name: str, port: int, settings: dict[str, str], health: str) -> None:
        log = self.logs / f"{name}.log"
        child = spawn([sys.executable, "-m", f"services.{name}"], env=self.data | settings, cwd=ROOT, log=log)
        self.children.append(child)
        wait_until(lambda: child.poll() is not None or components.is_ready(health, [port]), _READY_SECONDS)
        if child.poll() is not None or not components.is_ready(health, [port]):
            raise StartError(f"{name} is not ready; the end of {log}:\n{log_tail(log)}")

    def _target(self, urls: dict[str, str], auth: str) -> dict[str, str]:
        prefix = "/api" if self.shape == "split" else ""
        admin = "/api/inventory/admin" if self.shape == "split" else "/admin/inventory"
        key = next(Path(self.keys.name).glob("*.pem"))
        values = {
            "NAME": f"services-{self.shape}", "STACK": "none", "SHAPE": self.shape,
            "PUBLIC_URLS": urls["public_url"] + prefix, "INTERNAL_URLS": urls["internal_url"] + prefix,
            "ADMIN_URLS": urls["internal_url"] + admin, "HEALTH_URLS": urls["health_url"],
            "METRICS_URLS": urls["metrics_url"], "AUTH_URL": auth, "LOGIN": "dev", "LOGIN_WAYS": "dev,telegram",
            "SERVICE_NAME": SERVICE, "SERVICE_SECRET": self.secret, "TELEGRAM_BOT_TOKEN": self.bot_token,
            "SIGNING_KEY_FILE": str(key), "DATABASE_HOST": self.data["DB_HOST"], "DATABASE_PORT": self.data["DB_PORT"],
            "DATABASE_NAME": self.data["DB_NAME"], "DATABASE_USER": self.data["DB_USER"],
            "DATABASE_PASSWORD": self.data["DB_PASSWORD"], "REDIS_HOST": self.data["REDIS_HOST"],
            "REDIS_PORT": self.data["REDIS_PORT"], "CAN_MAKE_ADMIN": "true", "DISPOSABLE": "true",
        }  # fmt: skip
        return {f"TARGET_{name}": value for name, value in values.items()}

    def stop(self) -> None:
        """End both services."""
        stop_all([(child, signal.SIGTERM) for child in reversed(self.children)], 15.0)
        self.keys.cleanup()


def main(arguments: list[str]) -> int:
    """Start the services, run the command, stop them; returns the command's exit code."""
    parser = argparse.ArgumentParser(prog="ops_services.py")
    parser.add_argument("--shape", choices=("single", "split"), default="single")
    parser.add_argument("--logs", type=Path, default=ROOT / "results" / "services")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args(arguments)
    absent = [name for name in NEEDED if not os.environ.get(name)]
    if absent:
        print(f"error: setting {', '.join(absent)} is missing: say where PostgreSQL and Redis are", file=sys.stderr)
        return 2
    options.logs.mkdir(parents=True, exist_ok=True)
    services = Services(options.shape, options.logs)
    with contextlib.ExitStack() as undo:
        undo.callback(services.stop)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(130))
        try:
            target = services.start()
        except StartError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        return subprocess.run(options.command, env=os.environ | target, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
