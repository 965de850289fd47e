"""Contract, section 3: keys are taken up without a restart, and unknown ones do not become a flood of calls."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from services.auth.keys import SigningKeys
from services.common.errors import Refusal
from services.inventory.keys import PublicKeys


class AuthStub:
    """An auth service that counts the calls of its ``/jwks``."""

    def __init__(self) -> None:
        self.calls = 0
        self.status = 200
        self.body: object = {"keys": []}
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stub.calls += 1
                self.send_response(stub.status)
                self.end_headers()
                self.wfile.write(json.dumps(stub.body).encode())

            def log_message(self, *_: object) -> None:
                """Be quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def publish(self, keys: SigningKeys) -> None:
        self.body = {"keys": [key.public_jwk() for key in keys.published()]}


@pytest.fixture
def auth() -> Iterator[AuthStub]:
    stub = AuthStub()
    stub.thread.start()
    yield stub
    stub.server.shutdown()
    stub.server.server_close()
    stub.thread.join()


@pytest.fixture
def signing(tmp_path: Path, auth: AuthStub) -> SigningKeys:
    made = SigningKeys(tmp_path, 3600)
    made.prepare()
    auth.publish(made)
    return made


def using(
    auth: AuthStub,
    use: Callable[[PublicKeys], Awaitable[None]],
    min_refresh: float = 60,
    max_age: float = 60,
) -> None:
    async def run() -> None:
        keys = PublicKeys(auth.url, min_refresh, max_age)
        await keys.start()
        try:
            await use(keys)
        finally:
            await keys.close()

    asyncio.run(run())


async def unavailable(keys: PublicKeys) -> None:
    """Without any key a good token cannot be told from a bad one: nobody is let in, nobody is called a liar."""
    for kid in (None, "any"):
        with pytest.raises(Refusal) as raised:
            await keys.find(kid)
        assert (raised.value.status, raised.value.code) == (503, "token_check_unavailable")


async def until(check: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not check():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def test_keys_are_fetched_at_the_start(auth: AuthStub, signing: SigningKeys) -> None:
    async def use(keys: PublicKeys) -> None:
        assert [key.key_id for key in await keys.find(signing.current().kid)] == [signing.current().kid]
        assert len(await keys.find(None)) == 1
        assert (keys.healthy, keys.generation) == (True, 1)

    using(auth, use)
    assert auth.calls == 1


def test_flood_of_unknown_keys_asks_once_an_interval(auth: AuthStub, signing: SigningKeys) -> None:
    async def use(keys: PublicKeys) -> None:
        found = await asyncio.gather(*(keys.find(f"unknown-{n}") for n in range(200)))
        assert not any(found)

    began = time.monotonic()
    using(auth, use, min_refresh=0.3)
    assert auth.calls <= 2 + (time.monotonic() - began) / 0.3


def test_kid_that_was_not_found_is_refused_without_waiting(auth: AuthStub, signing: SigningKeys) -> None:
    async def use(keys: PublicKeys) -> None:
        assert await keys.find("unknown") == []
        async with asyncio.timeout(5):
            for _ in range(20):
                assert await keys.find("unknown") == []

    using(auth, use, min_refresh=0.3)
    assert auth.calls <= 20


def test_key_rotated_in_a_moment_after_a_call_is_waited_for(auth: AuthStub, signing: SigningKeys) -> None:
    async def use(keys: PublicKeys) -> None:
        new = signing.rotate()
        auth.publish(signing)
        assert [key.key_id for key in await keys.find(new.kid)] == [new.kid]

    using(auth, use, min_refresh=0.3)
    assert auth.calls == 2


def test_key_rotated_in_is_found_after_the_interval(auth: AuthStub, signing: SigningKeys) -> None:
    async def use(keys: PublicKeys) -> None:
        new = signing.rotate()
        auth.publish(signing)
        async with asyncio.timeout(5):
            while not await keys.find(new.kid):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert keys.generation == 2

    using(auth, use, min_refresh=0.1)
    assert auth.calls >= 2


def test_withdrawn_key_is_dropped_by_itself(auth: AuthStub, signing: SigningKeys) -> None:
    old = signing.current().kid

    async def use(keys: PublicKeys) -> None:
        auth.body = {"keys": [signing.rotate().public_jwk()]}
        await until(lambda: keys.generation == 2)
        assert await keys.find(old) == []

    using(auth, use, min_refresh=0.02, max_age=0.05)


def test_auth_service_that_is_away_changes_nothing(auth: AuthStub, signing: SigningKeys) -> None:
    async def use(keys: PublicKeys) -> None:
        auth.status = 500
        await until(lambda: not keys.healthy)
        assert await keys.find(signing.current().kid)
        auth.status = 200
        await until(lambda: keys.healthy)

    using(auth, use, min_refresh=0.02, max_age=0.03)


def test_an_auth_service_that_is_back_is_seen_before_the_keys_are_old(auth: AuthStub, signing: SigningKeys) -> None:
    async def use(keys: PublicKeys) -> None:
        auth.status = 500
        await keys.find("unknown")
        assert not keys.healthy
        auth.status = 200
        await until(lambda: keys.healthy)

    using(auth, use, min_refresh=0.02, max_age=600)


def test_without_any_key_it_soon_asks_again(auth: AuthStub, tmp_path: Path) -> None:
    auth.status = 503

    async def use(keys: PublicKeys) -> None:
        await unavailable(keys)
        signing = SigningKeys(tmp_path, 3600)
        signing.prepare()
        auth.publish(signing)
        auth.status = 200
        await until(lambda: keys.healthy)

    using(auth, use, min_refresh=0.02)


@pytest.mark.parametrize("repeat", range(5))
def test_first_caller_waits_for_the_first_key(auth: AuthStub, tmp_path: Path, repeat: int) -> None:
    auth.status = 503
    signing = SigningKeys(tmp_path, 3600)
    signing.prepare()
    auth.publish(signing)

    async def use(keys: PublicKeys) -> None:
        auth.status = 200
        assert [key.key_id for key in await keys.find(signing.current().kid)] == [signing.current().kid]

    using(auth, use)


@pytest.mark.parametrize("body", [{}, {"keys": []}, {"keys": 5}, {"keys": [{"kty": "?"}]}, [], None, "text"])
def test_answer_that_is_no_key_set_changes_nothing(auth: AuthStub, body: object) -> None:
    auth.body = body

    async def use(keys: PublicKeys) -> None:
        await unavailable(keys)
        assert not keys.healthy

    using(auth, use)
