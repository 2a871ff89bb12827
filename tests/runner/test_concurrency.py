"""Races and background work: who wins, who is waited for, whose error counts."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from callwright.runner.concurrency import (
    Inbox,
    Jobs,
    Stoppable,
    beside,
    either,
    first_success,
    stopped_not_cut,
    to_the_end,
    within,
)
from tests.sim.clock import VirtualClock
from tests.sim.virtual_loop import run_on

T = TypeVar("T")


class Trouble(Exception):
    """Something went wrong in a piece of work."""


class Diary:
    """What work did, and when it ended."""

    def __init__(self) -> None:
        self.clock = VirtualClock(seconds=0.0)
        self.lines: list[str] = []

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return run_on(self.clock, work)

    async def work(self, name: str, seconds: float, result: T, *, tidies: float = 0.0) -> T:
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            await asyncio.sleep(tidies)
            self._write(f"{name} cut")
            raise
        self._write(f"{name} done")
        return result

    async def fail(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        raise Trouble

    def _write(self, text: str) -> None:
        self.lines.append(f"{self.clock.seconds:g} {text}")


def test_the_end_of_work_ends_its_background() -> None:
    diary = Diary()

    result = diary.run(
        beside(diary.work("work", 3.0, "done"), diary.work("music", 9.0, None, tidies=1.0))
    )

    assert result == "done"
    assert diary.lines == ["3 work done", "4 music cut"]


def test_a_background_that_returns_changes_nothing() -> None:
    diary = Diary()
    assert diary.run(beside(diary.work("work", 3.0, 1), diary.work("music", 1.0, None))) == 1
    assert diary.lines == ["1 music done", "3 work done"]


def test_a_background_that_fails_ends_the_work() -> None:
    diary = Diary()
    with pytest.raises(Trouble):
        diary.run(beside(diary.work("work", 3.0, 1), diary.fail(1.0)))
    assert diary.lines == ["1 work cut"]


def test_work_that_fails_ends_the_background() -> None:
    diary = Diary()
    with pytest.raises(Trouble):
        diary.run(beside(diary.fail(1.0), diary.work("music", 3.0, None)))
    assert diary.lines == ["1 music cut"]


def test_the_first_success_ends_the_others() -> None:
    diary = Diary()

    works = [
        diary.work("a", 5.0, "a"),
        diary.work("b", 1.0, None),
        diary.work("c", 2.0, "c"),
    ]
    assert diary.run(first_success(works)) == "c"
    assert diary.lines == ["1 b done", "2 c done", "2 a cut"]


def test_without_a_success_all_are_waited_for() -> None:
    diary = Diary()
    works = [diary.work("a", 2.0, None), diary.work("b", 1.0, None)]
    assert diary.run(first_success(works)) is None
    assert diary.clock.seconds == 2.0
    assert diary.run(first_success([])) is None


def test_a_failure_in_a_race_ends_it() -> None:
    diary = Diary()

    async def fails() -> str | None:
        await diary.fail(1.0)
        return None

    with pytest.raises(Trouble):
        diary.run(first_success([diary.work("a", 2.0, "a"), fails()]))
    assert diary.lines == ["1 a cut"]


EITHER = [((1.0, 2.0), ("a", None)), ((2.0, 1.0), (None, "b")), ((1.0, 1.0), ("a", "b"))]


@pytest.mark.parametrize(("seconds", "results"), EITHER)
def test_of_two_one_is_enough(
    seconds: tuple[float, float], results: tuple[str | None, str | None]
) -> None:
    diary = Diary()
    works = diary.work("a", seconds[0], "a"), diary.work("b", seconds[1], "b")
    assert diary.run(either(*works)) == results


@pytest.mark.parametrize(("seconds", "result"), [(2.0, "a"), (0.5, None), (None, "a")])
def test_work_has_a_time_limit(seconds: float | None, result: str | None) -> None:
    diary = Diary()
    assert diary.run(within(seconds, diary.work("a", 1.0, "a"))) == result


def test_what_must_end_ends_though_its_waiter_is_cancelled() -> None:
    diary = Diary()

    async def story() -> None:
        waiter = asyncio.create_task(to_the_end(diary.work("tidy", 3.0, None)))
        await asyncio.sleep(1.0)
        waiter.cancel()
        await asyncio.sleep(0.5)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter

    diary.run(story())
    assert diary.lines == ["3 tidy done"]
    assert diary.run(to_the_end(diary.work("tidy", 1.0, "result"))) == "result"


def test_work_that_is_asked_to_stop_gives_what_it_has() -> None:
    diary = Diary()
    kept: list[str] = []

    async def story() -> None:
        stop = asyncio.Event()

        async def recording() -> str:
            await stop.wait()
            await asyncio.sleep(0.5)
            return "half"

        waiter = asyncio.create_task(stopped_not_cut(recording(), stop=stop.set, keep=kept.append))
        await asyncio.sleep(1.0)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter

    diary.run(story())
    assert kept == ["half"]
    assert diary.clock.seconds == 1.5


def test_work_that_somebody_stops_has_no_result() -> None:
    diary = Diary()
    stoppable: Stoppable[str] = Stoppable()

    async def story() -> tuple[str | None, str | None]:
        asyncio.get_running_loop().call_later(1.0, stoppable.stop)
        return (
            await stoppable.run(diary.work("a", 3.0, "a", tidies=1.0)),
            await stoppable.run(diary.work("b", 3.0, "b")),
        )

    assert diary.run(story()) == (None, "b")
    assert diary.lines == ["2 a cut", "5 b done"]


def test_a_waiter_that_is_cancelled_itself_says_so() -> None:
    diary = Diary()
    stoppable: Stoppable[str] = Stoppable()

    async def story() -> None:
        waiter = asyncio.create_task(stoppable.run(diary.work("a", 3.0, "a")))
        await asyncio.sleep(1.0)
        stoppable.stop()
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter

    diary.run(story())
    assert diary.lines == ["1 a cut"]


def test_stopping_nothing_does_nothing() -> None:
    Stoppable[None]().stop()


def test_jobs_are_waited_for_and_counted_when_they_are_given_up() -> None:
    diary = Diary()

    async def story() -> tuple[int, int]:
        jobs = Jobs()
        await jobs.done()
        jobs.start(diary.work("a", 1.0, None))
        jobs.start(diary.work("b", 9.0, None))
        await jobs.done(3.0)
        return await jobs.end(), await jobs.end()

    assert diary.run(story()) == (1, 0)
    assert diary.lines == ["1 a done", "3 b cut"]


def test_an_inbox_keeps_its_order_and_loses_nothing_to_a_reader_who_leaves() -> None:
    async def story() -> list[int | None]:
        inbox: Inbox[int] = Inbox()
        assert await within(1.0, inbox.take()) is None
        for number in range(3):
            inbox.put(number)
        inbox.close()
        return [await inbox.take() for _ in range(4)]

    assert Diary().run(story()) == [0, 1, 2, None]
