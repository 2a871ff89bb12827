"""Changes that are committed together: who goes with whom, and who hears what."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from callwright.adapters.postgres import group_commit as under_test
from callwright.adapters.postgres.group_commit import GroupCommit
from callwright.domain.errors import StoreBusy, StoreUnavailable

Run = Callable[[Coroutine[Any, Any, None]], None]


class Disk:
    """Writes numbers when it is let, and says twice of each; remembers the groups."""

    def __init__(self, *, faults: Sequence[Exception] = ()) -> None:
        self.groups: list[list[int]] = []
        self.is_free = asyncio.Event()
        self._faults = list(faults)
        """Raised by the groups that hold a 7, one after the other."""

    def commits(self, at_once: int = 100) -> GroupCommit[int, int]:
        return GroupCommit(self._write, name="disk", size=lambda number: number, at_once=at_once)

    async def _write(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(numbers))
        await self.is_free.wait()
        if 7 in numbers and self._faults:
            raise self._faults.pop(0)
        return [ValueError("three") if number == 3 else 2 * number for number in numbers]


async def told(commits: GroupCommit[int, int], disk: Disk, numbers: Sequence[int]) -> list[object]:
    """Ask for all of these while the first is being written; returns what each was told."""
    asked = [asyncio.ensure_future(commits.commit(number)) for number in numbers]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    disk.is_free.set()
    answers: list[object] = list(await asyncio.gather(*asked, return_exceptions=True))
    return answers


def test_what_comes_during_a_commit_goes_together_into_the_next(run: Run) -> None:
    async def story() -> None:
        disk = Disk()
        assert await told(disk.commits(), disk, [1, 2, 4, 5]) == [2, 4, 8, 10]
        # The first group begins when all four have been asked for.
        assert disk.groups == [[1, 2, 4, 5]]
        disk.is_free.clear()
        commits = disk.commits()
        first = asyncio.ensure_future(commits.commit(1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert await told(commits, disk, [2, 4]) == [4, 8]
        assert await first == 2
        assert disk.groups[1:] == [[1], [2, 4]]

    run(story())


@pytest.mark.parametrize(
    ("numbers", "groups"),
    [
        ([4, 4, 2, 1], [[4, 4, 2], [1]]),
        ([4, 4, 4], [[4, 4], [4]]),
        ([40, 1, 9, 1], [[40], [1, 9], [1]]),  # what is too large goes alone
    ],
)
def test_a_group_is_no_larger_than_its_bound(
    run: Run, numbers: list[int], groups: list[list[int]]
) -> None:
    async def story() -> None:
        disk = Disk()
        await told(disk.commits(at_once=10), disk, numbers)
        assert disk.groups == groups

    run(story())


def test_a_refusal_is_one_askers_own(run: Run) -> None:
    async def story() -> None:
        disk = Disk()
        first, second, third = await told(disk.commits(), disk, [1, 3, 4])
        assert (first, third) == (2, 8)
        assert isinstance(second, ValueError)
        assert disk.groups == [[1, 3, 4]]

    run(story())


def test_what_fails_in_company_is_tried_alone(run: Run) -> None:
    async def story() -> None:
        disk = Disk(faults=[KeyError("in company"), KeyError("alone")])
        first, second, third = await told(disk.commits(), disk, [1, 7, 4])
        assert (first, third) == (2, 8)
        assert str(second) == "'alone'"
        assert disk.groups == [[1, 7, 4], [1], [7], [4]]

    run(story())


def test_a_store_that_is_away_is_away_for_all(run: Run) -> None:
    async def story() -> None:
        disk = Disk(faults=[StoreUnavailable("away")])
        answers = await told(disk.commits(), disk, [1, 7, 4])
        assert [str(one) for one in answers] == ["away"] * 3
        assert disk.groups == [[1, 7, 4]]

    run(story())


def test_whoever_asks_when_too_many_wait_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "MAX_WAITING", 2)

    async def story() -> None:
        disk = Disk()
        first, second, third = await told(disk.commits(), disk, [1, 2, 4])
        assert (first, second) == (2, 4)
        assert isinstance(third, StoreBusy)
        assert disk.groups == [[1, 2]]

    run(story())


def test_whoever_goes_away_keeps_nobody_waiting(run: Run) -> None:
    async def story() -> None:
        disk = Disk()
        commits = disk.commits()
        gone = asyncio.ensure_future(commits.commit(1))
        await asyncio.sleep(0)
        gone.cancel()
        assert await told(commits, disk, [2]) == [4]
        assert gone.cancelled()
        assert disk.groups == [[1], [2]]

    run(story())
