"""What stands between the network and the calls: limits of a connection, refusals of what is no HTTP (contract 6.5).

uvicorn's protocol parses and answers; it has no limit on headers, on the time to send them or on silent connections,
and refuses in plain text. That is all that is added to it here.
"""

import asyncio
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

SWEEP_SECONDS = 0.25
# For how long nothing more is read of who was told to come again in a second.
REST_SECONDS = 0.5
# For how long, and how much, is still read after a refusal: who is cut off while sending never sees the answer.
LINGER_SECONDS = 2.0
MOST_AFTER_REFUSAL = 16 * 1024 * 1024
# A body's frame may be larger than the body, which the call counts, but not by any amount.
MOST_OF_A_BODY = 16 * 1024 * 1024

IDLE, HEAD, BODY = range(3)
# In the state of a request that has arrived with its whole body.
WHOLE = "whole"
# However busy a service is, it says how it is.
_PROBES = re.compile(rb"^/(health(/|$|\?)|metrics|jwks|public-key)")
_BUSY = "the service has too much to do; try again"


@dataclass(frozen=True)
class Limits:
    """Limits of a listener's connections; the contract names the defaults."""

    head_bytes: int = 32 * 1024
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    idle_seconds: float = 75.0
    connections: int = 2000
    # Says whether a further call would be refused: then it is refused here, for a fraction of what a call costs.
    is_full: Callable[[], bool] = lambda: False


Refused = Callable[[int, str, float], None]


def new_request_id() -> str:
    """Return an id in the form of a UUID; it has to be unlike all others, not hard to guess, so no system call."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def refusal_body(code: str, message: str) -> bytes:
    """Return the body of a refusal that no call has made."""
    return msgspec.json.encode({"error": code, "message": message})


class Edge(HttpToolsProtocol):
    """One connection. ``refused(status, request_id, seconds)`` is called for each refusal that no call has seen."""

    def __init__(self, limits: Limits, refused: Refused, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._limits = limits
        self._tell = refused
        self._reading = IDLE
        self._since = self.loop.time()
        self._taken = 0
        self._is_refused = False
        self._has_asked = False
        self._is_passed_over = False

    # -- what the server calls -------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # only TCP is listened to
        """Take a connection; make room for it when there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self._limits.connections:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Take what was sent, as far as the limits go."""
        if self._reading == IDLE:
            self._since, self._taken = self.loop.time(), 0
        self._taken += len(data)
        if self._is_refused:
            if self._taken > MOST_AFTER_REFUSAL:
                self.transport.abort()
            return
        before = self.scope
        super().data_received(data)
        if self._reading == HEAD:
            if self.scope is not before and before is not None:
                # It began somewhere in these data.
                self._taken = 0
            if self._taken > self._limits.head_bytes:
                self._refuse_large_head()
        elif self._reading == BODY and self._taken > MOST_OF_A_BODY:
            self.refuse(413, "body_too_large", "the body is too large")

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self.refuse(400, "bad_request", msg)

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, unless a request has begun to arrive."""
        if self._reading == IDLE:
            super().timeout_keep_alive_handler()

    # -- what the parser calls -------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._reading, self._since = HEAD, self.loop.time()

    def on_headers_complete(self) -> None:
        """The request line and the headers are there."""
        if self._is_refused:
            return
        most = self._limits.head_bytes
        # Counted only when so much has come at all, which may be the body, or the request before.
        if (
            self._taken > most
            and len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > most
        ):
            self._refuse_large_head()
            return
        self._reading, self._since, self._taken = BODY, self.loop.time(), 0
        if self._limits.is_full() and not self._is_at_work and not self.pipeline and not _PROBES.search(self.url):
            self._pass_over()
            return
        super().on_headers_complete()
        self._has_asked = True

    def on_body(self, body: bytes) -> None:
        """A part of the body is there."""
        if not self._is_refused and not self._is_passed_over:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there."""
        if not self._is_refused:
            self._reading, self._since = IDLE, self.loop.time()
            if self._is_passed_over:
                self._is_passed_over = False
                return
            # The call need not set a clock for what is there.
            self.scope["state"][WHOLE] = True
            super().on_message_complete()

    # -- limits ----------------------------------------------------------------------------------------------------

    @property
    def _is_at_work(self) -> bool:
        return self._has_asked and not self.cycle.response_complete

    def sweep(self, now: float) -> None:
        """Refuse or close the connection when its time is over."""
        age = now - self._since
        if self._is_refused:
            if age > LINGER_SECONDS:
                self.transport.abort()
        elif self._reading == HEAD and age > self._limits.head_seconds:
            self.refuse(408, "request_timeout", "the headers took too long")
        elif self._reading == BODY and age > self._limits.body_seconds + 1:
            # Whoever reads the body has answered by then.
            self.transport.abort()
        elif self._reading == IDLE and age > self._limits.idle_seconds and not self._is_at_work:
            self.transport.close()

    def _make_room(self) -> None:
        others: Iterable[Edge] = (one for one in self.connections if isinstance(one, Edge) and one is not self)
        idle = [one for one in others if not one._is_at_work]
        if not idle:
            self.refuse(503, "overloaded", "there are too many connections; try again")
            return
        # Who has never asked for anything first, then who has been silent for longest.
        least = min(idle, key=lambda one: (one._has_asked, one._since))
        self.connections.discard(least)
        least.transport.abort()

    def _pass_over(self) -> None:
        """Tell a caller to come again, and keep the connection: to make it anew would cost more than the answer."""
        self._is_passed_over = True
        request_id = new_request_id()
        self.transport.write(_answer(503, "overloaded", _BUSY, request_id, closes=False))
        self._tell(503, request_id, 0.0)
        # Who comes again at once would cost those who are served more than the refusal has saved.
        self.flow.pause_reading()
        self.loop.call_later(REST_SECONDS, self._read_on)

    def _read_on(self) -> None:
        if not self.transport.is_closing():
            self.flow.resume_reading()

    def _refuse_large_head(self) -> None:
        self.refuse(431, "headers_too_large", f"the headers are larger than {self._limits.head_bytes} bytes")

    def refuse(self, status: int, code: str, message: str) -> None:
        """Answer what no call will see, and let go of the connection."""
        if self._is_refused or self.transport.is_closing():
            return
        self._is_refused = True
        seconds = self.loop.time() - self._since
        self._since, self._taken = self.loop.time(), 0
        if self._is_at_work:
            # An answer is under way, which this one would garble.
            self.transport.abort()
            return
        request_id = new_request_id()
        self.transport.write(_answer(status, code, message, request_id, closes=True))
        self._unset_keepalive_if_required()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._tell(status, request_id, seconds)


def _answer(status: int, code: str, message: str, request_id: str, *, closes: bool) -> bytes:
    content = refusal_body(code, message)
    return b"".join(
        [
            STATUS_LINE[status],
            b"content-type: application/json\r\n",
            b"content-length: %d\r\n" % len(content),
            b"x-request-id: %b\r\n" % request_id.encode(),
            b"retry-after: 1\r\n" if status == 503 else b"",
            b"connection: close\r\n" if closes else b"",
            b"\r\n",
            content,
        ]
    )


async def sweep(connections: Iterable[Any]) -> None:
    """Look at all connections every so often, for ever."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        now = asyncio.get_running_loop().time()
        for connection in [*connections]:
            connection.sweep(now)
