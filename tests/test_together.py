"""What is asked while an answer is under way is asked together next, and everybody gets his own answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from core.errors import TemporaryFailure
from core.together import Together


class Oracle:
    """Doubles numbers, when it is let; knows what it was asked together."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.may_answer = asyncio.Event()
        self.down = False

    async def answer(self, questions: Sequence[int]) -> list[int]:
        self.asked.append(list(questions))
        await self.may_answer.wait()
        if self.down:
            raise TemporaryFailure("The oracle is down.")
        return [26 // 0 if number == 13 else 2 * number for number in questions]


async def test_who_comes_alone_is_answered_alone() -> None:
    oracle = Oracle()
    oracle.may_answer.set()
    together = Together(oracle.answer)
    assert [await together.ask(number) for number in (1, 2)] == [2, 4]
    assert oracle.asked == [[1], [2]]


async def test_who_comes_meanwhile_is_asked_together_in_order_at_most_so_many() -> None:
    oracle = Oracle()
    together = Together(oracle.answer, most=3)
    first = asyncio.create_task(together.ask(0))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.create_task(together.ask(number)) for number in range(1, 6)]
    await asyncio.sleep(0)
    oracle.may_answer.set()
    assert await asyncio.gather(first, *others) == [0, 2, 4, 6, 8, 10]
    assert oracle.asked == [[0], [1, 2, 3], [4, 5]]


async def test_only_the_one_at_fault_hears_of_its_fault() -> None:
    oracle = Oracle()
    oracle.may_answer.set()
    together = Together(oracle.answer)
    answers = await asyncio.gather(*(together.ask(number) for number in (12, 13, 14)), return_exceptions=True)
    assert (answers[0], answers[2]) == (24, 28)
    assert isinstance(answers[1], ZeroDivisionError)


async def test_a_temporary_failure_is_everybodys_and_not_tried_one_by_one() -> None:
    oracle = Oracle()
    oracle.may_answer.set()
    oracle.down = True
    together = Together(oracle.answer)
    answers = await asyncio.gather(*(together.ask(number) for number in (1, 2)), return_exceptions=True)
    assert all(isinstance(answer, TemporaryFailure) for answer in answers)
    assert oracle.asked == [[1, 2]]


async def test_who_gives_up_waiting_harms_nobody() -> None:
    oracle = Oracle()
    together = Together(oracle.answer)
    impatient, patient = (asyncio.create_task(together.ask(number)) for number in (1, 2))
    await asyncio.sleep(0)
    impatient.cancel()
    oracle.may_answer.set()
    assert await patient == 4
    with pytest.raises(asyncio.CancelledError):
        await impatient
