"""The proxy makes exactly the trouble that it is asked for, and none otherwise."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from stack.proxy import TroubleProxy


@pytest.fixture
def echo() -> Iterator[int]:
    """A server on loopback that sends back what it gets."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection: socket.socket) -> None:
        with connection:
            while block := connection.recv(100):
                connection.sendall(block)

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


@pytest.fixture
def proxy(echo: int) -> Iterator[TroubleProxy]:
    made = TroubleProxy(echo)
    yield made
    made.close()


def _connect(proxy: TroubleProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=3)


def _ask(connection: socket.socket) -> bytes:
    connection.sendall(b"ping")
    return connection.recv(100)


def _is_closed(connection: socket.socket) -> bool:
    """Whether the other side has closed, with or without a reset."""
    try:
        return _ask(connection) == b""
    except ConnectionError:
        return True


def test_it_forwards(proxy: TroubleProxy) -> None:
    with _connect(proxy) as connection:
        assert _ask(connection) == b"ping"


def test_it_delays_answers(proxy: TroubleProxy) -> None:
    proxy.slow_down(1)
    with _connect(proxy) as connection:
        started = time.monotonic()
        assert _ask(connection) == b"ping"
        assert time.monotonic() - started >= 1
        proxy.behave()
        started = time.monotonic()
        assert _ask(connection) == b"ping"
        assert time.monotonic() - started < 1


def test_a_paused_connection_goes_on_afterwards(proxy: TroubleProxy) -> None:
    with _connect(proxy) as connection:
        assert _ask(connection) == b"ping"
        proxy.pause()
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            _ask(connection)
        proxy.behave()
        connection.settimeout(3)
        assert connection.recv(100) == b"ping"


def test_cut_closes_old_and_new_connections(proxy: TroubleProxy) -> None:
    with _connect(proxy) as connection:
        assert _ask(connection) == b"ping"
        proxy.cut()
        assert _is_closed(connection)
    with _connect(proxy) as connection:
        assert _is_closed(connection)
    proxy.behave()
    with _connect(proxy) as connection:
        assert _ask(connection) == b"ping"


def test_a_forgotten_connection_stays_open_and_dead(proxy: TroubleProxy) -> None:
    with _connect(proxy) as connection:
        assert _ask(connection) == b"ping"
        proxy.forget()
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            _ask(connection)
        with _connect(proxy) as other:
            assert _ask(other) == b"ping"


def test_an_answer_that_breaks_off_is_the_last_of_its_connection(proxy: TroubleProxy) -> None:
    proxy.break_off()
    for _ in range(200):
        with _connect(proxy) as connection:
            if _ask(connection) == b"pi":
                connection.settimeout(0.3)
                with pytest.raises(TimeoutError):
                    _ask(connection)
                break
    else:
        pytest.fail("no answer broke off")
    proxy.behave()
    with _connect(proxy) as connection:
        assert _ask(connection) == b"ping"


def test_nobody_to_forward_to_closes_the_connection() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = TroubleProxy(port)
    try:
        with _connect(made) as connection:
            assert _is_closed(connection)
    finally:
        made.close()
