"""The small HTTP client and the generator, against a server that answers as it is told."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from benchmarks import generator, wire
from benchmarks.errors import BenchError

BODY = b'{"items": "' + b"x" * 200_000 + b'"}'


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[str]

    def do_GET(self) -> None:
        self.server.seen.append(self.headers.get("X-Extra", ""))  # type: ignore[attr-defined]
        self.send_response(404 if self.path == "/missing" else 200)
        if self.path != "/endless":
            self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)
        self.close_connection = self.path == "/endless"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    made.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def _url(server: http.server.ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def test_answers_that_come_in_parts_are_put_together(server: http.server.ThreadingHTTPServer) -> None:
    connection = wire.Wire(_url(server))
    for _ in range(2):
        assert connection.exchange(wire.request("GET", "/", "token")) == BODY
    connection.close()


def test_another_status_than_expected_is_an_error(server: http.server.ThreadingHTTPServer) -> None:
    connection = wire.Wire(_url(server))
    with pytest.raises(BenchError, match="answered 404 instead of 200"):
        connection.exchange(wire.request("GET", "/missing"))
    connection.close()


def test_an_answer_without_a_length_is_an_error(server: http.server.ThreadingHTTPServer) -> None:
    connection = wire.Wire(_url(server))
    with pytest.raises(BenchError, match="no Content-Length"):
        connection.exchange(wire.request("GET", "/endless"))
    connection.close()


def test_an_extra_header_goes_into_every_request(server: http.server.ThreadingHTTPServer) -> None:
    connection = wire.Wire(_url(server))
    connection.extra = b"X-Extra: 12\r\n"
    connection.exchange(wire.request("GET", "/"))
    connection.close()
    assert server.seen == ["12"]  # type: ignore[attr-defined]


def test_a_burst_reads_all_answers(server: http.server.ThreadingHTTPServer) -> None:
    connections = [wire.Wire(_url(server)) for _ in range(4)]
    wire.burst(connections, [wire.request("GET", "/")] * 4)
    for connection in connections:
        connection.close()
    assert len(server.seen) == 4  # type: ignore[attr-defined]


def test_the_generator_counts_all_answers(server: http.server.ThreadingHTTPServer) -> None:
    driven = generator.drive(_url(server), [wire.request("GET", "/")] * 40, 3)
    assert driven.calls == 40
    assert driven.rate > 0


def test_the_generator_stops_at_a_refusal(server: http.server.ThreadingHTTPServer) -> None:
    with pytest.raises(BenchError, match="refused"):
        generator.drive(_url(server), [wire.request("GET", "/missing")] * 4, 2)
