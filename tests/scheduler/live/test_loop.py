"""How often queues that are watched are counted, on virtual time."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from structlog.testing import capture_logs

from callwright.domain.callback import CallbackQueueId
from callwright.domain.clock import UnixTime
from callwright.domain.errors import StoreUnavailable
from callwright.domain.ids import AccountId
from callwright.scheduler.live.board import LiveBoard, News, Watched
from callwright.scheduler.live.loop import ProgressLoop
from callwright.scheduler.live.values import QueueProgress
from tests.sim.clock import VirtualClock
from tests.sim.virtual_loop import run_on

BOB: Final = AccountId(1)
ONE: Final = CallbackQueueId(1)
WATCHED: Final = Watched(BOB, ONE)


@dataclass(slots=True)
class SlowStore:
    """A `ProgressStore` whose every count takes so long and finds one more."""

    takes: float = 0.0
    fails: int = 0
    counted: list[float] = field(default_factory=list)
    """When counts ended, in seconds since 1970."""

    async def progress(
        self, account_id: AccountId, queue_id: CallbackQueueId | None, *, at: UnixTime
    ) -> Sequence[QueueProgress]:
        assert (account_id, queue_id) == (BOB, ONE)
        await asyncio.sleep(self.takes)
        if self.fails:
            self.fails -= 1
            raise StoreUnavailable("away")
        self.counted.append(at + self.takes)
        return [QueueProgress(ONE, len(self.counted), 0, 0, 0, 0)]


def play(
    store: SlowStore, seconds: float, then: Callable[[LiveBoard], Awaitable[None]] | None = None
) -> list[News]:
    """Watch a queue for so long; return what was heard."""
    clock, heard = VirtualClock(), list[News]()

    async def story() -> None:
        board = LiveBoard()
        running = asyncio.create_task((loop := ProgressLoop(board, store, clock)).run())
        await asyncio.sleep(100)
        assert store.counted == []
        board.follow(WATCHED, heard.append)
        await asyncio.sleep(seconds)
        if then is not None:
            await then(board)
        loop.stop()
        await running

    run_on(clock, story())
    return heard


def gaps(store: SlowStore) -> set[float]:
    return {round(two - one, 3) for one, two in itertools.pairwise(store.counted)}


def test_a_queue_is_counted_once_a_second_while_somebody_watches() -> None:
    store = SlowStore()
    heard = play(store, 10.5)
    assert gaps(store) == {1.0}
    assert len(heard) == len(store.counted) == 11


def test_what_takes_long_is_counted_less_often() -> None:
    store = SlowStore(takes=0.5)
    play(store, 40)
    assert gaps(store) == {0.5 + 20 * 0.5}


def test_several_who_watch_share_a_count() -> None:
    store, others = SlowStore(), list[News]()

    async def then(board: LiveBoard) -> None:
        for _ in range(5):
            board.follow(WATCHED, others.append)
        before = len(store.counted)
        await asyncio.sleep(5)
        assert len(store.counted) == before + 5
        assert len(others) == 25

    play(store, 2.5, then)


def test_a_store_that_is_away_is_asked_again() -> None:
    store = SlowStore(fails=3)
    with capture_logs() as logs:
        heard = play(store, 4.5)
    assert [log["event"] for log in logs] == ["callbacks.progress_failed"] * 3
    assert len(heard) == 2
