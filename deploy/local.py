"""What the driver `local` does: versions of inventory-service as processes beside an embedded stack, and a router.

A version is a launcher, an executable file in LOCAL_VERSIONS_DIR; it is called with ``inventory`` or ``migrations``
and the services' settings in the environment. All that is started here ends with the stack.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy import STATUS_PATH
from stack import binaries, client, components
from stack.errors import StackError
from stack.places import REPO_ROOT, hand_name, places
from stack.ports import HOST, Ports, answers, is_free
from stack.processes import is_alive, key_of, log_tail
from stack.state import ProcessKey, State, load_state

_KEPT_BACKUPS = 5
_ROOM_NEEDED_MB = 200
_STOP_SECONDS = 20.0
_POLL_SECONDS = 0.05
_COMMAND_SECONDS = 300


class DeployError(Exception):
    """Something stands in the way; the message is one line that says what to do."""


@dataclass(frozen=True)
class Running:
    """A version that was started: its guard process and its addresses."""

    version: str
    guard: ProcessKey
    url: str
    metrics_url: str
    log: str

    @property
    def lives(self) -> bool:
        """Whether the version's process runs; its guard ends with it."""
        return is_alive(self.guard)


@dataclass(frozen=True)
class Settings:
    """What the environment file says."""

    state_dir: Path
    versions: Path
    router_port: int
    stack_state: str
    start_seconds: float
    ready_seconds: float
    drain_seconds: float

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the settings. Raises DeployError naming one that is missing or bad."""
        try:
            return cls(
                Path(os.environ["STATE_DIR"]).resolve(),
                Path(os.environ["LOCAL_VERSIONS_DIR"]).resolve(),
                int(os.environ["LOCAL_ROUTER_PORT"]),
                os.environ.get("LOCAL_STACK_STATE", ""),
                float(os.environ.get("START_SECONDS", "30")),
                float(os.environ.get("READY_SECONDS", "60")),
                float(os.environ.get("DRAIN_SECONDS", "30")),
            )
        except KeyError as error:
            raise DeployError(f"setting {error.args[0]} is missing: start this by deploy/deploy.sh") from None
        except ValueError as error:
            raise DeployError(f"a setting of the environment file is no number: {error}") from None


def wait_for(check: Callable[[], bool], seconds: float) -> bool:
    """Ask until it is true (True) or the time is over (False)."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


class Local:
    """One environment of the driver: its files, its versions, its router."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = settings.state_dir
        (self.home / "versions").mkdir(mode=0o700, parents=True, exist_ok=True)

    # What is there

    def stack(self) -> State:
        """The running stack. Raises DeployError when there is none."""
        named = self.settings.stack_state
        state = load_state(Path(named)) if named else client.running(places(), hand_name())
        if state is None or not is_alive(ProcessKey(state.supervisor_pid, state.supervisor_start)):
            raise DeployError("no embedded stack is up: run `python -m stack up` first")
        if state.shape != "single":
            raise DeployError(f"the stack has shape {state.shape}: the local driver routes shape single only")
        return state

    def launcher(self, version: str) -> Path:
        """The launcher of a version. Raises DeployError when there is none."""
        file = self.settings.versions / version
        if not os.access(file, os.X_OK) or not file.is_file():
            raise DeployError(f"there is no version {version}: {file} is no executable file")
        return file

    def running(self, version: str) -> Running | None:
        """The version if it runs."""
        try:
            content = json.loads((self.home / "versions" / f"{version}.json").read_text("utf-8"))
        except FileNotFoundError:
            return None
        found = Running(**content | {"guard": ProcessKey(*content["guard"])})
        return found if found.lives else None

    def must_run(self, version: str) -> Running:
        """The running version. Raises DeployError with the end of its log when it has ended."""
        found = self.running(version)
        if found is None:
            tail = log_tail(self.home / "versions" / f"{version}.log")
            raise DeployError(f"{version} does not run; the end of its log:\n{tail}")
        return found

    def noted(self, what: str) -> str:
        """``current`` or ``previous``: the version of that name, empty when there is none."""
        try:
            return (self.home / what).read_text("utf-8").strip()
        except FileNotFoundError:
            return ""

    def current(self) -> None:
        """Print the version that the router sends requests to; nothing when no router runs."""
        status = self._router_status()
        if status is not None:
            print(status["version"])

    def previous(self) -> None:
        """Print the version to go back to, if any."""
        print(self.noted("previous"))

    # Steps

    def preflight(self, version: str) -> None:
        """Look for all that the deployment needs. Raises DeployError naming the first thing missing."""
        self.launcher(version)
        state = self.stack()
        if components.status_of(f"{state.auth.url}/health") != 200:
            raise DeployError(f"auth-service at {state.auth.url} is not healthy")
        if not answers(state.postgres.port) or not answers(state.redis.port):
            raise DeployError("PostgreSQL or Redis of the stack does not answer")
        if shutil.disk_usage(self.home).free < _ROOM_NEEDED_MB * 2**20:
            raise DeployError(f"less than {_ROOM_NEEDED_MB} MB are free at {self.home}")
        if self._router_status() is None and not is_free(self.settings.router_port):
            raise DeployError(f"port {self.settings.router_port} (LOCAL_ROUTER_PORT) is taken by something else")
        if self._program("pg_dump") is None and os.environ.get("ALLOW_NO_BACKUP") != "yes":
            raise DeployError("there is no pg_dump: install PostgreSQL's client, or say ALLOW_NO_BACKUP=yes")
        print(f"stack {state.run_dir}, auth {state.auth.url}, router port {self.settings.router_port}")

    def backup(self, version: str) -> None:
        """Dump the database; the dump counts when its table of contents can be read."""
        dump = self._program("pg_dump")
        if dump is None:
            print("no pg_dump here: nothing was backed up, as ALLOW_NO_BACKUP=yes says")
            return
        state = self.stack()
        folder = self.home / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        file = folder / f"{stamp}-before-{version}.dump"
        database = state.postgres
        where = [f"--host={database.host}", f"--port={database.port}", f"--username={database.user}"]
        env = components.base_env() | {"PGPASSWORD": state.load_secrets().db_password}
        self._command([dump, "--format=custom", f"--file={file}", *where, database.dbname], env)
        listing = self._command([str(Path(dump).with_name("pg_restore")), "--list", str(file)], env)
        if "TABLE DATA inventory operations" not in listing:
            raise DeployError(f"{file} lacks the table inventory.operations")
        file.chmod(0o600)
        for old in sorted(folder.glob("*.dump"))[:-_KEPT_BACKUPS]:
            old.unlink()
        print(f"{file}: {file.stat().st_size} bytes, readable")

    def migrate(self, version: str) -> None:
        """Run the version's migrations."""
        state = self.stack()
        print(self._command([str(self.launcher(version)), "migrations"], self._data_env(state)).strip())

    def start(self, version: str) -> None:
        """Start the version on ports of its own and wait until it listens; one that runs already is fine."""
        self._sweep(version)
        if self.running(version):
            print(f"{version} runs already")
            return
        state, ports = self.stack(), Ports()
        public, metrics = ports.take("inventory"), ports.take("metrics")
        log = self.home / "versions" / f"{version}.log"
        log.unlink(missing_ok=True)
        env = self._data_env(state) | components.inventory_env("single", public, 0, metrics, state.auth.url)
        lifeline = f"{state.supervisor_pid}:{state.supervisor_start}"
        guard = self._guard(lifeline, log, [str(self.launcher(version)), "inventory"], env)
        url = components.url(public)
        self._note_running(Running(version, guard, url, f"{components.url(metrics)}/metrics", str(log)))
        up = wait_for(
            lambda: not is_alive(guard) or components.status_of(f"{url}/health/live") == 200,
            self.settings.start_seconds,
        )
        self.must_run(version)
        if not up:
            raise DeployError(f"{version} did not listen on {url} within {self.settings.start_seconds:g} s")
        print(f"{version} listens on {url}")

    def ready(self, version: str) -> None:
        """Wait until the version says that it is ready."""
        url = self.must_run(version).url
        wait_for(
            lambda: self.running(version) is None or components.status_of(f"{url}/health/ready") == 200,
            self.settings.ready_seconds,
        )
        self.must_run(version)
        status = components.status_of(f"{url}/health/ready")
        if status != 200:
            answered = "nothing" if status is None else f"{status}"
            raise DeployError(f"{url}/health/ready answered {answered} for {self.settings.ready_seconds:g} s")
        print(f"{version} is ready")

    def settings_of(self, version: str) -> None:
        """Print the TARGET_… settings by which suites reach a version, or ``public``: the router."""
        state = self.stack()
        secrets = state.load_secrets()
        shown = self.must_run(self.noted("routed") if version == "public" else version)
        url = components.url(self.settings.router_port) if version == "public" else shown.url
        database = state.postgres
        values = {
            "NAME": f"local-{version}", "STACK": "none", "SHAPE": "single", "PUBLIC_URLS": url, "INTERNAL_URLS": url,
            "ADMIN_URLS": f"{url}/admin/inventory", "HEALTH_URLS": f"{url}/health", "METRICS_URLS": shown.metrics_url,
            "AUTH_URL": state.auth.url, "LOGIN": "dev", "SERVICE_NAME": secrets.service_name,
            "SERVICE_SECRET": secrets.service_secret, "DATABASE_HOST": database.host, "DATABASE_PORT": database.port,
            "DATABASE_NAME": database.dbname, "DATABASE_USER": database.user,
            "DATABASE_PASSWORD": secrets.db_password,
        }  # fmt: skip
        for name, value in values.items():
            print(f"TARGET_{name}={value}")

    def switch(self, version: str) -> None:
        """Make the router send new requests to the version; the router is started when there is none."""
        self._write("router.json", json.dumps({"version": version, "url": self.must_run(version).url}))
        self._write("routed", version)
        if self._router_status() is None:
            self._start_router()
        else:
            os.kill(int(self.noted("router.pid")), signal.SIGHUP)

        def switched() -> bool:
            status = self._router_status()
            return status is not None and status["version"] == version

        if not wait_for(switched, 10):
            raise DeployError(f"the router did not switch to {version}: see {self.home}/router.log")
        print(f"http://{HOST}:{self.settings.router_port} is {version}")

    def drain(self, version: str) -> None:
        """Wait until the router has no request under way at the version."""

        def drained() -> bool:
            status = self._router_status()
            return status is not None and not status["in_flight"].get(version)

        if not wait_for(drained, self.settings.drain_seconds):
            raise DeployError(f"{version} still answers requests after {self.settings.drain_seconds:g} s")
        print(f"{version} has nothing more to answer")

    def keep(self, version: str, old: str) -> None:
        """Note what serves and what to go back to, and stop all other versions."""
        self._write("current", version)
        self._write("previous", old)
        for file in sorted((self.home / "versions").glob("*.json")):
            if file.stem not in (version, old):
                self.discard(file.stem)

    def discard(self, version: str) -> None:
        """Stop a version. Raises DeployError when the router sends requests to it."""
        status = self._router_status()
        if status is not None and status["version"] == version:
            raise DeployError(f"{version} is serving: it is not stopped")
        found = self.running(version)
        if found:
            self._stop(found.guard)
        (self.home / "versions" / f"{version}.json").unlink(missing_ok=True)
        print(f"{version} is stopped")

    def down(self) -> None:
        """Stop the router and all versions."""
        pid = self.noted("router.guard")
        if pid:
            self._stop(ProcessKey(*json.loads(pid)))
        for file in (self.home / "versions").glob("*.json"):
            self.discard(file.stem)

    # Small parts

    def _sweep(self, starting: str) -> None:
        """Stop what a deployment left that was killed: neither serving nor the one to go back to."""
        status = self._router_status()
        wanted = {starting, self.noted("current"), self.noted("previous"), status["version"] if status else ""}
        for file in (self.home / "versions").glob("*.json"):
            if file.stem not in wanted:
                self.discard(file.stem)

    def _data_env(self, state: State) -> dict[str, str]:
        secrets = state.load_secrets()
        env = components.base_env() | components.data_env(state.postgres.port, secrets.db_password, state.redis.port)
        return env | {"PYTHON": sys.executable}

    def _command(self, command: list[str], env: dict[str, str]) -> str:
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, check=False, cwd=REPO_ROOT, timeout=_COMMAND_SECONDS
        )
        if done.returncode != 0:
            words = (done.stderr or done.stdout).strip()
            raise DeployError(f"{Path(command[0]).name} ended with exit code {done.returncode}: {words}")
        return done.stdout

    @staticmethod
    def _program(name: str) -> str | None:
        """PostgreSQL's program of that name: that beside the server, which fits it, else that on PATH."""
        return binaries.postgres_program(name) or shutil.which(name)

    @staticmethod
    def _guard(lifeline: str, log: Path, command: list[str], env: dict[str, str], pid_file: str = "-") -> ProcessKey:
        """Start a guard that ends with the stack and takes the command with it; returns the guard."""
        words = [sys.executable, "-m", "deploy.local_guard", lifeline, str(log), pid_file, *command]
        # Nothing of ours is inherited: neither the lock of the deployment nor its output.
        guard = subprocess.Popen(
            words,
            cwd=REPO_ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return key_of(guard.pid)

    def _note_running(self, one: Running) -> None:
        self._write(f"versions/{one.version}.json", json.dumps(one.__dict__))

    def _write(self, name: str, text: str) -> None:
        """Write a file so that readers see the old or the new one."""
        temporary = self.home / f"{name}.new"
        temporary.write_text(text, "utf-8")
        temporary.replace(self.home / name)

    def _router_status(self) -> dict[str, Any] | None:
        connection = http.client.HTTPConnection(HOST, self.settings.router_port, timeout=5.0)
        try:
            connection.request("GET", STATUS_PATH)
            content = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()
        return content if isinstance(content, dict) and "in_flight" in content else None

    def _start_router(self) -> None:
        state = self.stack()
        lifeline = f"{state.supervisor_pid}:{state.supervisor_start}"
        words = [sys.executable, "-m", "deploy.local_router", str(self.settings.router_port)]
        env = components.base_env() | {"PYTHONPATH": str(REPO_ROOT)}
        log, pid_file = self.home / "router.log", str(self.home / "router.pid")
        guard = self._guard(lifeline, log, [*words, str(self.home / "router.json")], env, pid_file)
        self._write("router.guard", json.dumps(guard))
        if not wait_for(lambda: self._router_status() is not None or not is_alive(guard), 15):
            raise DeployError("the router did not start within 15 s")
        if not is_alive(guard):
            raise DeployError(f"the router ended; the end of its log:\n{log_tail(log)}")

    @staticmethod
    def _stop(guard: ProcessKey) -> None:
        if is_alive(guard):
            with contextlib.suppress(ProcessLookupError):
                os.kill(guard.pid, signal.SIGTERM)
        if not wait_for(lambda: not is_alive(guard), _STOP_SECONDS):
            raise DeployError(f"process {guard.pid} does not end")


def main(arguments: list[str]) -> int:
    """Do one step; the steps are the methods of `Local`."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("current", "previous", "down"):
        commands.add_parser(name)
    for name in ("preflight", "backup", "migrate", "start", "ready", "settings", "switch", "drain", "discard"):
        commands.add_parser(name).add_argument("version")
    keep = commands.add_parser("keep")
    keep.add_argument("version")
    keep.add_argument("old", nargs="?", default="")
    options = parser.parse_args(arguments)
    words = [value for name, value in vars(options).items() if name != "command"]
    try:
        local = Local(Settings.from_environment())
        getattr(local, {"settings": "settings_of"}.get(options.command, options.command))(*words)
    except (DeployError, StackError, subprocess.TimeoutExpired) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
