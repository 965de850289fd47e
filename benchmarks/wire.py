"""The cheapest HTTP client that is still one: prepared bytes over a kept-alive socket.

A client library costs as much as the service does, and its noise would be measured with it.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from benchmarks.errors import BenchError

_END = b"\r\n\r\n"
_LENGTH = b"content-length: "
_SECONDS = 30.0
# Servers close connections that were quiet for 5 s.
_QUIET_SECONDS = 2.0


def request(method: str, path: str, token: str | None = None, body: Mapping[str, Any] | None = None) -> bytes:
    """Return the bytes of a request with a JSON body and a bearer token, where there is one."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: benchmark"]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join(lines).encode() + _END + content


def answer_length(received: bytes | bytearray) -> int | None:
    """Return how many bytes the answer has that starts here, None while its head is not complete."""
    head = received.find(_END)
    if head < 0:
        return None
    start = received.lower().find(_LENGTH, 0, head + 2)
    if start < 0:
        raise BenchError("an answer has no Content-Length: only the reference services can be measured")
    start += len(_LENGTH)
    return head + len(_END) + int(received[start : received.find(b"\r", start)])


class Wire:
    """One kept-alive connection. ``extra`` is a header line that is put into every request."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = (str(parts.hostname), int(parts.port or 80))
        self.socket = self._connected()
        self.extra = b""

    def _connected(self) -> socket.socket:
        made = socket.create_connection(self._address, timeout=_SECONDS)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._used = time.monotonic()
        return made

    def refresh(self) -> None:
        """Connect anew when the server may have closed a connection that was quiet for long."""
        now = time.monotonic()
        if now - self._used > _QUIET_SECONDS:
            self.socket.close()
            self.socket = self._connected()
        self._used = now

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()

    def send(self, prepared: bytes) -> None:
        """Send a request."""
        self.refresh()
        self.socket.sendall(prepared.replace(b"\r\n", b"\r\n" + self.extra, 1) if self.extra else prepared)

    def receive(self, expected: int = 200) -> bytes:
        """Return the body of the next answer. Raises BenchError when its status is another than expected."""
        received = self.socket.recv(65536)
        length = answer_length(received)
        while length is None or len(received) < length:
            more = self.socket.recv(65536)
            if not more:
                raise BenchError("the service closed the connection in the middle of an answer")
            received += more
            length = length or answer_length(received)
        body = received[received.find(_END) + len(_END) :]
        if int(received[9:12]) != expected:
            raise BenchError(f"a call was answered {received[9:12].decode()} instead of {expected}: {body[:200]!r}")
        return body

    def exchange(self, prepared: bytes, expected: int = 200) -> bytes:
        """Send a request and return the answer's body. Raises BenchError on another status than expected."""
        self.send(prepared)
        return self.receive(expected)


def burst(wires: Sequence[Wire], prepared: Sequence[bytes], expected: int = 200) -> None:
    """Send one request on each connection, all before the first answer is read, and read all answers."""
    for wire, one in zip(wires, prepared, strict=True):
        wire.send(one)
    for wire in wires:
        wire.receive(expected)
