"""Places that are few: who finds none waits a little, and is then told to come again (contract 6.5)."""

import asyncio
from collections import deque
from collections.abc import Hashable

from services.common.errors import Refusal


def overloaded() -> Refusal:
    """The refusal of a call that nothing was done for."""
    return Refusal(503, "overloaded", "the service has too much to do; try again", headers={"Retry-After": "1"})


class Turnstile:
    """So many may be inside at once; so many more may wait, each for so many seconds. First come, first served."""

    def __init__(self, places: int, waiting: int, seconds: float) -> None:
        self._free = self._places = places
        self._most_waiting = waiting
        self._seconds = seconds
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def is_full(self) -> bool:
        """Whether nobody else would be let in."""
        return self._free == 0 and len(self._waiting) >= self._most_waiting

    @property
    def is_empty(self) -> bool:
        """Whether nobody is inside or waits."""
        return self._free == self._places

    async def enter(self) -> None:
        """Go in, or wait for a place. Raises Refusal 503 when too many wait, or this one for too long."""
        if self._free > 0:
            self._free -= 1
            return
        if len(self._waiting) >= self._most_waiting:
            raise overloaded()
        loop = asyncio.get_running_loop()
        place = loop.create_future()
        self._waiting.append(place)
        patience = loop.call_later(self._seconds, self._send_away, place)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():
                self.leave()
            raise
        finally:
            patience.cancel()

    def leave(self) -> None:
        """Give a place back: to who has waited longest, if anybody has."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1

    def send_all_away(self) -> None:
        """Tell everybody who waits to come again."""
        for place in list(self._waiting):
            self._send_away(place)

    def _send_away(self, place: asyncio.Future[None]) -> None:
        if not place.done():
            self._waiting.remove(place)
            place.set_exception(overloaded())


class Turnstiles:
    """A turnstile for each of many, while somebody is there: one busy player does not take the places of others."""

    def __init__(self, places: int, waiting: int, seconds: float) -> None:
        self._limits = (places, waiting, seconds)
        self._of: dict[Hashable, Turnstile] = {}

    async def enter(self, key: Hashable) -> None:
        """Go in at one of them. Raises Refusal 503."""
        turnstile = self._of.get(key)
        if turnstile is None:
            turnstile = self._of[key] = Turnstile(*self._limits)
        await turnstile.enter()

    def leave(self, key: Hashable, *, in_vain: bool = False) -> None:
        """Give the place at one of them back; who waits there waits in vain, too, where this one did."""
        turnstile = self._of[key]
        if in_vain:
            turnstile.send_all_away()
        turnstile.leave()
        if turnstile.is_empty:
            del self._of[key]
