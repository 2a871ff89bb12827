"""Changes of one kind, committed together: while one commit is under way, the next ones gather.

A commit costs some round trips and one sync however many changes it carries. Each still hears of
its own fate: what fails in company is tried again alone.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

from callwright.domain.errors import StoreBusy, StoreUnavailable

MAX_WAITING: Final = 10_000
"""Changes waiting for a transaction; at the bound new ones are refused, and may come again."""

Change = TypeVar("Change")
Told = TypeVar("Told")
Write = Callable[[Sequence[Change]], Awaitable[Sequence[Told | Exception]]]
"""Writes changes in one unit of work, and says of each what its asker is told. What it raises
was written for nobody, or is in doubt for all."""

_Waiting = tuple[Change, asyncio.Future[Told]]


class GroupCommit(Generic[Change, Told]):
    """Commits what one node writes, a group at a time."""

    def __init__(
        self,
        write: Write[Change, Told],
        *,
        name: str,
        size: Callable[[Change], int],
        at_once: int,
    ) -> None:
        """Commit by `write`; no change joins a group whose size would come above `at_once`.

        `name` is what the handle is called that commits.
        """
        self._write = write
        self._name = name
        self._size = size
        self._at_once = at_once
        self._waiting: deque[_Waiting[Change, Told]] = deque()
        self._committing: asyncio.Task[None] | None = None

    async def commit(self, change: Change) -> Told:
        """Write a change, behind all that were asked for before; durable when this returns.

        Raises:
            StoreBusy: too many are waiting; it was not written.
            StoreUnavailable: it was not written, unless that is in doubt.

        """
        if len(self._waiting) >= MAX_WAITING:
            raise StoreBusy(f"{MAX_WAITING} changes are waiting already")
        future: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting.append((change, future))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all(), name=self._name)
        return await future

    async def _commit_all(self) -> None:
        while self._waiting:
            await self._commit(self._next_group())
        self._committing = None

    def _next_group(self) -> list[_Waiting[Change, Told]]:
        group = [self._waiting.popleft()]
        size = self._size(group[0][0])
        while self._waiting:
            size += self._size(self._waiting[0][0])
            if size > self._at_once:
                break
            group.append(self._waiting.popleft())
        return group

    async def _commit(self, group: Sequence[_Waiting[Change, Told]]) -> None:
        try:
            answers = await self._write([change for change, _ in group])
        except Exception as fault:  # noqa: BLE001 - it is told to those whom it concerns
            # Whatever it is, it is the affair of the one who asked: nobody else's change fails.
            if len(group) == 1 or isinstance(fault, StoreUnavailable):
                for _, future in group:
                    _resolve(future, fault)
                return
            for one in group:
                await self._commit([one])
            return
        for (_, future), told in zip(group, answers, strict=True):
            _resolve(future, told)


def _resolve(future: asyncio.Future[Told], told: Told | Exception) -> None:
    if future.done():  # the one who asked has gone away
        return
    if isinstance(told, Exception):
        future.set_exception(told)
    else:
        future.set_result(told)
