"""Questions that are asked together: while one round trip is under way, the next one gathers."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Gathered(Generic[Q, A]):
    """Answers questions in batches of at most ``most``, one batch at a time, the first at once.

    ``answer_all`` returns the answers in the order of the questions. What it raises reaches everybody of the batch.
    Who has to wait for other batches gets ``late()`` after ``patience`` seconds: one that hangs holds up nobody.
    """

    def __init__(
        self,
        answer_all: Callable[[list[Q]], Awaitable[Sequence[A]]],
        most: int,
        patience: float = math.inf,
        late: Callable[[], Exception] = TimeoutError,
    ) -> None:
        self._answer_all = answer_all
        self._most = most
        self._patience = patience
        self._late = late
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A:
        """Return the answer to a question."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[A] = loop.create_future()
        self._waiting.append((question, answer))
        if self._runner is None:
            self._runner = asyncio.create_task(self._run())
            return await answer
        if self._patience == math.inf:
            return await answer
        sent_away = loop.call_later(self._patience, self._send_away, answer)
        try:
            return await answer
        finally:
            sent_away.cancel()

    def _send_away(self, answer: asyncio.Future[A]) -> None:
        if not answer.done():
            answer.set_exception(self._late())

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                batch = [asked for asked in batch if not asked[1].done()]
                if batch:
                    await self._answer(batch)
        finally:
            self._runner = None

    async def _answer(self, batch: list[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._answer_all([question for question, _ in batch])
        except BaseException as error:
            # Whatever happened, nobody of the batch may wait for ever.
            for _, waiting in batch:
                if not waiting.done():
                    waiting.set_exception(error if isinstance(error, Exception) else asyncio.CancelledError())
            if not isinstance(error, Exception):
                raise
            return
        for (_, waiting), answer in zip(batch, answers, strict=True):
            if not waiting.done():
                waiting.set_result(answer)
