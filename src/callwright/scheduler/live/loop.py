"""The loop that counts the tasks of queues that are watched: one a node.

Counting takes its time with a queue of a million. So everybody who watches a queue shares one
count, queues are counted one after another, and the loop rests much longer than it works.
"""

import asyncio
from typing import Final

import structlog

from callwright.domain.clock import Clock
from callwright.scheduler.live.board import LiveBoard, Watched
from callwright.scheduler.live.ports import ProgressStore

INTERVAL: Final = 1.0
"""Seconds between two counts of a queue at least; people see no more."""

REST: Final = 20.0
"""How many times as long as it counted the loop rests, so that it takes a twentieth of a core at
most: a million tasks are counted in 30 ms (SQLite), so only far longer queues are told less often
than once a second."""

log: Final = structlog.get_logger()


class ProgressLoop:
    """Tells a board how far the queues are that are watched, whichever node makes their calls."""

    def __init__(self, board: LiveBoard, store: ProgressStore, clock: Clock) -> None:
        """Begin with nothing watched."""
        self._board = board
        self._store = store
        self._clock = clock
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        board.woken = self._woken.set

    def stop(self) -> None:
        """Count no more."""
        self._stopping.set()
        self._woken.set()

    async def run(self) -> None:
        """Count what is watched until `stop`."""
        while not self._stopping.is_set():
            self._woken.clear()
            watched = self._board.watched
            if not watched:
                await self._woken.wait()
                continue
            began_at = self._clock.now()
            for one in watched:
                await self._count(one)
            await self._rest(max(INTERVAL, (self._clock.now() - began_at) * REST))

    async def _count(self, watched: Watched) -> None:
        try:
            progress = await self._store.progress(
                watched.account_id, watched.queue_id, at=self._clock.unix_time()
            )
        except Exception:
            # The store is away: those who watch hear nothing new until it is back.
            log.exception("callbacks.progress_failed")
        else:
            self._board.show(watched, progress)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
