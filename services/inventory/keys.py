"""The auth service's public keys, fetched from its ``/jwks`` (contract, sections 2 and 3)."""

import asyncio
import contextlib
import json
import logging
import time
import urllib.request
import uuid
from http.client import HTTPException

from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError

from services.common.logs import request_id
from services.common.tokens import tokens_unavailable
from services.common.watching import for_ever

log = logging.getLogger(__name__)

FIRST_KEY_SECONDS = 0.25
FETCH_SECONDS = 2.0
# Timers may come so much too early; who has waited must not be told to wait again.
TICK_SECONDS = 0.005
MAX_WAITING = 64


# Proxies are not for calls between services.
_open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def fetch(url: str, request: str) -> bytes:
    """Return what an address answers. Raises OSError or HTTPException when it does not, or not with a 200."""
    with _open(urllib.request.Request(url, headers={"X-Request-ID": request}), timeout=FETCH_SECONDS) as answer:  # noqa: S310  checked by the settings
        content: bytes = answer.read()
        return content


class PublicKeys:
    """Keeps the last key set that was fetched; the auth service may be away for as long as it likes.

    An unknown ``kid`` asks again, but never more often than once in ``min_refresh`` seconds, however many
    tokens carry one: a flood of unknown keys does not become a flood of calls.
    """

    def __init__(self, auth_url: str, min_refresh: float, max_age: float) -> None:
        self._url = f"{auth_url}/jwks"
        self._min_refresh = min_refresh
        self._max_age = max_age
        self._keys: dict[str, PyJWK] = {}
        self._asked_at = float("-inf")
        self._lock = asyncio.Lock()
        self._refresher: asyncio.Task[None] | None = None
        self.generation = 0
        self.healthy = False
        self._failed = asyncio.Event()
        self._warned = False
        self._waiting = 0
        self._not_found: set[str] = set()

    async def start(self) -> None:
        """Fetch once, then keep fetching in the background."""
        await self.refresh()
        self._refresher = asyncio.create_task(self._keep_fresh())

    async def close(self) -> None:
        """Stop fetching."""
        if self._refresher is not None:
            self._refresher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._refresher

    async def find(self, kid: str | None) -> list[PyJWK]:
        """Return the keys to try: the one of that ``kid``, or all of them for a token that names none.

        Raises Refusal 503 as long as no key could be fetched: then a good token cannot be told from a bad one.
        """
        if not self._keys or (kid is not None and kid not in self._keys):
            await self._look_for(kid)
        if not self._keys:
            raise tokens_unavailable()
        if kid is None:
            return list(self._keys.values())
        return [self._keys[kid]] if kid in self._keys else []

    async def _look_for(self, kid: str | None) -> None:
        """Ask for a key that is not known: at once when the auth service may be asked again, else a little later.

        A key that was rotated in may sign its first token just after somebody else's unknown ``kid`` was asked for;
        that token has to wait, not to be refused. Few may wait, and nobody twice for the same ``kid``.
        """
        pause = self._asked_at + self._least_pause() - time.monotonic()
        if pause > 0:
            if kid in self._not_found or self._waiting >= MAX_WAITING:
                return
            self._waiting += 1
            try:
                await asyncio.sleep(pause)
            finally:
                self._waiting -= 1
        if kid is None or kid not in self._keys:
            await self.refresh()
        # Without any key nothing was learned about this one.
        if self._keys and kid is not None and kid not in self._keys and len(self._not_found) < MAX_WAITING:
            self._not_found.add(kid)

    def _least_pause(self) -> float:
        # Without any key nobody can be let in, so the first one is asked for more often.
        return self._min_refresh if self._keys else FIRST_KEY_SECONDS

    async def refresh(self) -> None:
        """Ask the auth service, unless it was asked a moment ago. What cannot be fetched changes nothing."""
        async with self._lock:
            if time.monotonic() - self._asked_at < self._least_pause() - TICK_SECONDS:
                return
            self._asked_at = time.monotonic()
            try:
                # In a thread, without a client library: asked once in minutes, imported at every start.
                answer = await asyncio.to_thread(fetch, self._url, request_id.get() or str(uuid.uuid4()))
                keys = {key.key_id: key for key in PyJWKSet.from_dict(json.loads(answer)).keys if key.key_id}
            except (OSError, HTTPException, PyJWTError, ValueError, TypeError, AttributeError) as error:
                if self.healthy or not self._warned:
                    self._warned = True
                    log.warning("public keys not refreshed", extra={"fields": {"error": type(error).__name__}})
                self.healthy = False
                self._failed.set()
                return
            self.healthy = True
            self._failed.clear()
            self._not_found.clear()
            if keys.keys() != self._keys.keys():
                self._keys = keys
                self.generation += 1
                log.info("public keys refreshed", extra={"fields": {"kids": sorted(keys)}})

    async def _keep_fresh(self) -> None:
        async def wait_and_refresh() -> None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._max_age):
                    await self._failed.wait()
            # Whether the auth service is back should be known soon, and not at the end of the keys' age.
            if not self.healthy:
                await asyncio.sleep(min(self._max_age, self._least_pause()))
            await self.refresh()

        await for_ever(wait_and_refresh, 0)
