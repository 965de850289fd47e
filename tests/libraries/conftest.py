"""What the tests of the libraries share: a small HTTP server, a catalogue, a stack, runs of robot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from libraries.ledger.catalogue import Catalogue, Item
from stack.client import attach_or_start
from stack.state import State

ROOT = Path(__file__).parents[2]
ROBOTS = Path(__file__).parent / "robots"


@dataclass
class Stub:
    """A server that answers what it was told to and remembers what it was asked."""

    url: str
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def stub() -> Iterator[Stub]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status, value = found.answers.get(self.path, (200, {}))
            content = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    found = Stub(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def small_catalogue() -> Catalogue:
    kinds = [("resources", "stone"), ("resources", "wood"), ("tools", "axe"), ("blueprints", "axe")]
    items = [Item(f"00000000-0000-4000-8000-00000000000{n}", *kind) for n, kind in enumerate(kinds)]
    return Catalogue(items, {("inventory_section", "main"): "id-of-main"})


@pytest.fixture(scope="session")
def stack_state() -> State:
    return attach_or_start()


@dataclass
class Run:
    """A finished run of robot."""

    code: int
    console: str
    folder: Path

    @property
    def files(self) -> str:
        """Everything that the run wrote, as one text."""
        texts = [path.read_text("utf-8", "replace") for path in self.folder.rglob("*") if path.is_file()]
        return "\n".join([self.console, *texts])


@pytest.fixture
def run_robot(tmp_path: Path) -> Callable[..., Run]:
    def run(*arguments: str, state: State | None = None, **environment: str) -> Run:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TARGET_")}
        env: Mapping[str, str] = (
            kept | environment | ({"SHARD_STACK_STATE": str(Path(state.run_dir) / "state.json")} if state else {})
        )
        command = [sys.executable, "-m", "robot", "--outputdir", str(tmp_path), "--console", "quiet", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=900, check=False)
        return Run(done.returncode, done.stdout + done.stderr, tmp_path)  # fmt: skip

    return run
