"""Places that are few, and watches that go on."""

import asyncio

import pytest

from services.common.admission import Turnstile, Turnstiles
from services.common.errors import Refusal
from services.common.watching import for_ever


def test_who_finds_no_place_waits_for_one_in_turn() -> None:
    async def act() -> None:
        turnstile, order = Turnstile(1, 5, 5.0), []

        async def pass_through(name: str) -> None:
            await turnstile.enter()
            order.append(name)
            await asyncio.sleep(0)
            turnstile.leave()

        await asyncio.gather(*(pass_through(name) for name in "abcd"))
        assert order == [*"abcd"]
        assert turnstile.is_empty

    asyncio.run(act())


def test_too_many_and_too_long_are_told_to_come_again() -> None:
    async def act() -> None:
        turnstile = Turnstile(1, 1, 0.02)
        await turnstile.enter()
        waiting = asyncio.create_task(turnstile.enter())
        await asyncio.sleep(0)
        with pytest.raises(Refusal) as at_once:
            await turnstile.enter()
        with pytest.raises(Refusal) as later:
            await waiting
        assert {(one.value.status, one.value.code) for one in (at_once, later)} == {(503, "overloaded")}
        turnstile.leave()
        assert turnstile.is_empty

    asyncio.run(act())


def test_who_leaves_while_waiting_takes_no_place_along() -> None:
    async def act() -> None:
        turnstile = Turnstile(1, 5, 5.0)
        await turnstile.enter()
        gone, called = asyncio.create_task(turnstile.enter()), asyncio.create_task(turnstile.enter())
        await asyncio.sleep(0)
        gone.cancel()
        turnstile.leave()
        called.cancel()
        await asyncio.gather(gone, called, return_exceptions=True)
        assert turnstile.is_empty
        await turnstile.enter()

    asyncio.run(act())


def test_one_of_many_does_not_wait_for_another_and_is_forgotten() -> None:
    async def act() -> None:
        turnstiles = Turnstiles(1, 0, 0.0)
        await turnstiles.enter("a")
        await turnstiles.enter("b")
        with pytest.raises(Refusal):
            await turnstiles.enter("a")
        turnstiles.leave("a")
        turnstiles.leave("b")
        assert not turnstiles._of

    asyncio.run(act())


def test_a_watch_survives_whatever_happens() -> None:
    done: list[int] = []

    async def fail() -> None:
        done.append(1)
        raise (Refusal(503, "away", "away") if len(done) % 2 else RuntimeError("odd"))

    async def act() -> None:
        watch = asyncio.create_task(for_ever(fail, 0.0))
        while len(done) < 5:  # noqa: ASYNC110
            await asyncio.sleep(0)
        watch.cancel()

    asyncio.run(act())
