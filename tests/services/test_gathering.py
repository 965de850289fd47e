"""Questions that are asked together."""

import asyncio
from collections.abc import Sequence

import pytest

from services.common.gathering import Gathered


def test_first_question_is_asked_at_once_and_the_next_ones_together() -> None:
    batches: list[list[int]] = []
    started = asyncio.Event()

    async def double(asked: list[int]) -> list[int]:
        batches.append(asked)
        started.set()
        await asyncio.sleep(0)
        return [2 * one for one in asked]

    async def ask() -> list[int]:
        gathered = Gathered(double, 3)
        first = asyncio.create_task(gathered.ask(0))
        await started.wait()
        return await asyncio.gather(first, *(gathered.ask(n) for n in range(1, 6)))

    assert asyncio.run(ask()) == [0, 2, 4, 6, 8, 10]
    assert batches == [[0], [1, 2, 3], [4, 5]]


def test_failure_reaches_everybody_of_the_batch_and_nobody_after_it() -> None:
    answers: list[BaseException | int] = [ValueError("away"), 7]

    async def answer(asked: list[str]) -> Sequence[int]:
        found = answers.pop(0)
        if isinstance(found, BaseException):
            raise found
        return [found for _ in asked]

    async def ask() -> None:
        gathered = Gathered(answer, 10)
        failed = await asyncio.gather(gathered.ask("a"), gathered.ask("b"), return_exceptions=True)
        assert [str(one) for one in failed] == ["away", "away"]
        assert await gathered.ask("c") == 7

    asyncio.run(ask())


def test_nobody_waits_for_ever_when_the_batch_is_cancelled() -> None:
    async def never(_: list[str]) -> Sequence[int]:
        await asyncio.Event().wait()
        return []

    async def ask() -> None:
        gathered = Gathered(never, 10)
        asking = asyncio.create_task(gathered.ask("a"))
        await asyncio.sleep(0.01)
        assert gathered._runner is not None
        gathered._runner.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(ask())


def test_caller_who_left_does_not_disturb_the_others() -> None:
    asked_for = asyncio.Event()

    async def late(asked: list[str]) -> list[str]:
        asked_for.set()
        await asyncio.sleep(0.02)
        return asked

    async def ask() -> None:
        gathered = Gathered(late, 10)
        leaving, staying = (asyncio.create_task(gathered.ask(name)) for name in "ab")
        await asked_for.wait()
        leaving.cancel()
        assert await staying == "b"

    asyncio.run(ask())
