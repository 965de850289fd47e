"""Requests as bytes on a connection of their own: what no HTTP client would send, or not so slowly (contract 6.5)."""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from urllib.parse import urlsplit

CHUNK = 65536
# Connections that the test keeps open.
held: list[socket.socket] = []


def as_sent(url: str, lines: Sequence[str], rest: str, token: str) -> str:
    """Return lines as they are sent to a listener; those with TOKEN are left out when there is none."""
    text = "".join(f"{line}\r\n" for line in lines if token or "TOKEN" not in line) + rest
    parts = urlsplit(url)
    return text.replace("BASE", parts.path).replace("HOST", parts.netloc).replace("TOKEN", token)


def connect(url: str, patience: float, ca_file: str | None = None, source: str = "") -> socket.socket:
    """Open a connection to the address of a listener, from another address of this machine if one is told."""
    parts = urlsplit(url)
    host, secure = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    line = socket.create_connection((host, port), patience, (source, 0) if source else None)
    return ssl.create_default_context(cafile=ca_file).wrap_socket(line, server_hostname=host) if secure else line


def exchange(
    line: socket.socket, start: bytes, filler: bytes, most: int, every: float
) -> tuple[int | None, dict[str, str], bytes, str | None]:
    """Send bytes, then as much of the filler, up to ``most`` bytes, as the other side takes before it answers.

    It gets the filler ``every`` so many seconds.

    Returns status, headers, body and None; or no status and, in words, why there was no answer.
    """
    sent, broken = 0, ""
    try:
        line.sendall(start)
        while filler and sent < most and not select.select([line], [], [], every)[0]:
            sent += line.send(filler[: most - sent])
    except OSError as error:
        broken = type(error).__name__
    try:
        answer = HTTPResponse(line)
        answer.begin()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read(), None
    except (OSError, HTTPException) as error:
        return None, {}, b"", f"{broken or type(error).__name__} after {sent} more bytes"


def is_closed(line: socket.socket, patience: float) -> bool:
    """Say whether the other side closes a connection within so many seconds."""
    deadline = time.monotonic() + patience
    try:
        while (left := deadline - time.monotonic()) > 0 and select.select([line], [], [], left)[0]:
            if not line.recv(CHUNK):
                return True
    except OSError:
        return True
    return False


def still_open(within: float, trickle: str) -> int:
    """Return how many of those held the other side does not close in so many seconds; see the keyword."""
    deadline = time.monotonic() + within
    for letter in trickle:
        if is_closed(held[0], 0.2):
            break
        with suppress(OSError):
            held[0].send(letter.encode("latin-1"))
    return sum(not is_closed(line, max(0.001, deadline - time.monotonic())) for line in held)


def hang_up() -> None:
    """Close what is held."""
    while held:
        held.pop().close()
