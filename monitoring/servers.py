"""A real Prometheus and Alertmanager on loopback with quick copies of the project's rules, and a receiver."""

from __future__ import annotations

import http.server
import json
import shutil
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import yaml

from monitoring import rules
from stack.errors import StackError
from stack.ports import Ports
from stack.processes import log_tail, spawn, stop_all, wait_until

HOST = "127.0.0.1"
# A scrape may take as long as until the next one, also on a busy machine.
SCRAPE = "500ms"
EVALUATION = "250ms"
# Notifications wait in groups; these waits are divided too.
NOTIFY_SPEED = 300.0
_READY_SECONDS = 30.0
TOOLS = (("prometheus",), ("prometheus-alertmanager", "alertmanager"), ("promtool",))


class MonitoringError(Exception):
    """What the proof needs is not there; the message says what to do."""


def program(*names: str) -> str:
    """Return the first of the programs that is on PATH. Raises MonitoringError when none is."""
    for name in names:
        if found := shutil.which(name):
            return found
    raise MonitoringError(f"{' or '.join(names)} is not on PATH: run `make monitoring-tools`")


@dataclass(frozen=True)
class Notification:
    """One alert in one message that the receiver got. ``at`` is a reading of the monotonic clock, in seconds."""

    at: float
    receiver: str
    name: str
    status: str


@dataclass
class Receiver:
    """Takes Alertmanager's messages, as an on-call tool would."""

    notifications: list[Notification] = field(default_factory=list)

    def __post_init__(self) -> None:
        taken = self.notifications

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                receiver = self.path.strip("/")
                taken.extend(
                    Notification(time.monotonic(), receiver, alert["labels"]["alertname"], alert["status"])
                    for alert in body["alerts"]
                )

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Say nothing."""

        self._server = http.server.ThreadingHTTPServer((HOST, 0), Handler)
        threading.Thread(target=self._server.serve_forever, name="receiver", daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def stop(self) -> None:
        """Close it."""
        self._server.shutdown()
        self._server.server_close()


def alertmanager_config(receiver_port: int) -> dict[str, Any]:
    """Return the project's Alertmanager configuration with quick groups and the example's address replaced by ours."""
    config = rules.load(rules.HERE / "alertmanager" / "alertmanager.yml")
    routes = [config["route"], *config["route"].get("routes", [])]
    for route in routes:
        for name in ("group_wait", "group_interval"):
            if name in route:
                route[name] = rules.scaled(route[name], NOTIFY_SPEED)
    for receiver in config["receivers"]:
        for hook in receiver["webhook_configs"]:
            hook["url"] = f"http://{HOST}:{receiver_port}{urlsplit(hook['url']).path}"
    return config


def prometheus_config(targets: list[str], own: str, alertmanager: str) -> dict[str, Any]:
    """Return the project's Prometheus configuration with quick scrapes and these addresses."""
    config = rules.load(rules.HERE / "prometheus" / "prometheus.yml")
    config["global"] = {"scrape_interval": SCRAPE, "scrape_timeout": SCRAPE, "evaluation_interval": EVALUATION}
    config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [alertmanager]
    addresses = {"inventory-service": targets, "prometheus": [own]}
    for job in config["scrape_configs"]:
        job["static_configs"][0]["targets"] = addresses[job["job_name"]]
    return config


class Servers:
    """Prometheus, Alertmanager and the receiver. They end with this process at the latest."""

    def __init__(self, folder: Path, targets: list[str]) -> None:
        self._programs = program(*TOOLS[0]), program(*TOOLS[1])
        self.folder = folder
        self.receiver = Receiver()
        ports = Ports()
        self._prometheus, self._alertmanager = ports.take("prometheus"), ports.take("alertmanager")
        self._processes: list[subprocess.Popen[bytes]] = []
        self._http = httpx.Client(timeout=10, trust_env=False)
        self._write(targets)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _write(self, targets: list[str]) -> None:
        (self.folder / "rules").mkdir()
        rules.write_scaled(self.folder / "rules", rules.SPEEDS, EVALUATION)
        files = {
            "prometheus.yml": prometheus_config(targets, f"{HOST}:{self._prometheus}", f"{HOST}:{self._alertmanager}"),
            "alertmanager.yml": alertmanager_config(self.receiver.port),
        }
        for name, content in files.items():
            (self.folder / name).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")

    def _start(self) -> None:
        prometheus, alertmanager = self._programs
        commands = {
            "alertmanager": [
                alertmanager, f"--config.file={self.folder}/alertmanager.yml", f"--storage.path={self.folder}/am",
                f"--web.listen-address={HOST}:{self._alertmanager}", "--cluster.listen-address=", "--log.level=warn",
            ],
            "prometheus": [
                prometheus, f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/tsdb",
                f"--web.listen-address={HOST}:{self._prometheus}", "--log.level=warn", "--rules.alert.resend-delay=1s",
                "--alertmanager.notification-queue-capacity=1000",
            ],
        }  # fmt: skip
        for name, command in commands.items():
            log = self.folder / f"{name}.log"
            try:
                process = spawn(command, env={"PATH": "/usr/bin:/bin"}, cwd=self.folder, log=log)
            except StackError as error:
                raise MonitoringError(str(error)) from None
            self._processes.append(process)
            port = self._prometheus if name == "prometheus" else self._alertmanager
            wait_until(lambda: process.poll() is not None or self._ready(port), _READY_SECONDS)  # noqa: B023
            if not self._ready(port):
                raise MonitoringError(f"{name} did not become ready; the end of its log:\n{log_tail(log)}")

    def _ready(self, port: int) -> bool:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) != 0:
                return False
        return self._http.get(f"http://{HOST}:{port}/-/ready").status_code == 200

    def query(self, expr: str) -> list[dict[str, Any]]:
        """Return an instant query's series. Raises MonitoringError with Prometheus' complaint."""
        answer = self._http.get(f"http://{HOST}:{self._prometheus}/api/v1/query", params={"query": expr}).json()
        if answer["status"] != "success":
            raise MonitoringError(f"{expr}: {answer['error']}")
        result: list[dict[str, Any]] = answer["data"]["result"]
        return result

    def firing(self) -> set[str]:
        """Return the names of the alerts that fire in Prometheus now."""
        answer = self._http.get(f"http://{HOST}:{self._prometheus}/api/v1/alerts").json()
        return {a["labels"]["alertname"] for a in answer["data"]["alerts"] if a["state"] == "firing"}

    def rules(self) -> list[dict[str, Any]]:
        """Return all rules as Prometheus runs them."""
        groups = self._http.get(f"http://{HOST}:{self._prometheus}/api/v1/rules").json()["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def inhibited(self) -> set[str]:
        """Return the names of the alerts that Alertmanager keeps to itself because another one explains them."""
        found = self._http.get(f"http://{HOST}:{self._alertmanager}/api/v2/alerts").json()
        return {alert["labels"]["alertname"] for alert in found if alert["status"]["inhibitedBy"]}

    def stop(self) -> None:
        """Stop everything."""
        stop_all([(process, signal.SIGTERM) for process in self._processes], 5.0)
        self.receiver.stop()
        self._http.close()
