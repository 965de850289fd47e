"""Stand-ins for the services: quick to start, and wrong on demand."""

from __future__ import annotations

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Healthy(BaseHTTPRequestHandler):
    """Answers every GET with 200 and what it was started with."""

    def do_GET(self) -> None:
        body = json.dumps(dict(os.environ)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(name: str, settings: list[str]) -> None:
    """Listen on the ports that these settings name until SIGTERM."""
    print(f"{name} is starting", flush=True)
    if os.environ.get("STUB_BROKEN") == name:
        sys.exit(f"setting STUB_BROKEN is bad for {name}")
    if os.environ.get("STUB_HANGS") == name:
        signal.pause()
    for setting in settings:
        server = ThreadingHTTPServer(("127.0.0.1", int(os.environ[setting])), Healthy)
        Thread(target=server.serve_forever, daemon=True).start()
    signal.sigwait({signal.SIGTERM})
