"""What is asked while an answer is under way is asked together next: one statement, or one commit, for many.

Whoever comes alone waits for nobody; under load the batches grow by themselves, and what each costs shrinks.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from core.errors import TemporaryFailure

Q = TypeVar("Q")
A = TypeVar("A")


class Together(Generic[Q, A]):
    """`work` answers many questions at once, in their order, `most` at a time. It runs in the context of whoever made this, not of
    whoever asks: it belongs to all of them.
    """

    def __init__(self, work: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], most: int = 50) -> None:
        self._work, self._most = work, most
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._working: asyncio.Task[None] | None = None
        self._context = contextvars.copy_context()

    async def ask(self, question: Q) -> A:
        """The answer, or what the work raised. A TemporaryFailure is everybody's; after any other error each question is asked alone,
        so that only the one at fault hears of it.
        """
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._working is None:
            self._working = asyncio.get_running_loop().create_task(self._work_all(), context=self._context)
        return await answer

    async def _work_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._work_on(batch)
        finally:
            self._working = None

    async def _work_on(self, batch: list[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._work([question for question, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, everybody who waits gets to know
            if len(batch) > 1 and not isinstance(error, TemporaryFailure):
                for one in batch:
                    await self._work_on([one])
                return
            for _, waits in batch:
                if not waits.done():
                    waits.set_exception(error)
            return
        for (_, waits), answer in zip(batch, answers, strict=True):
            if not waits.done():
                waits.set_result(answer)
