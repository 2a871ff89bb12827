"""Who hears what of the queues that are watched."""

from dataclasses import replace
from typing import Final

from callwright.domain.callback import (
    CallbackQueueId,
    CallUuid,
    ExtensionId,
    Task,
    TaskId,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.live.board import LiveBoard, News, Watched
from callwright.scheduler.live.values import QueueProgress, Step, TaskStep

NOW: Final = UnixTime(1_800_000_000.0)
BOB, EVE = AccountId(1), AccountId(2)
ONE, TWO = CallbackQueueId(1), CallbackQueueId(2)
WISH: Final = TaskWish("205", "206", ExtensionId(1), NOW)


def step(account_id: AccountId, queue_id: CallbackQueueId, wish: TaskWish = WISH) -> TaskStep:
    return TaskStep(Step.BEGUN, Task(TaskId(1), account_id, queue_id, wish, NOW), NOW)


def test_a_step_is_heard_by_those_who_watch_its_queue_or_its_account() -> None:
    board = LiveBoard()
    watched = [Watched(BOB), Watched(BOB, ONE), Watched(BOB, TWO), Watched(EVE)]
    heard: dict[Watched, list[News]] = {one: [] for one in watched}
    for one in watched:
        board.follow(one, heard[one].append)
    told = step(BOB, ONE)
    board.step(told)
    assert heard == {
        Watched(BOB): [told],
        Watched(BOB, ONE): [told],
        Watched(BOB, TWO): [],
        Watched(EVE): [],
    }


def test_a_callback_at_once_is_nobody_s_to_see() -> None:
    board, heard = LiveBoard(), list[News]()
    board.follow(Watched(BOB), heard.append)
    board.step(step(BOB, ONE, replace(WISH, call_uuid=CallUuid("A" * 32))))
    assert heard == []


def test_progress_is_told_when_it_changes_and_after_somebody_came() -> None:
    board, first, second = LiveBoard(), list[News](), list[News]()
    watched = Watched(BOB, ONE)
    some, more = QueueProgress(ONE, 2, 1, 0, 0, 0), QueueProgress(ONE, 1, 0, 1, 0, 0)
    board.show(watched, [some])
    board.follow(watched, first.append)
    for now in (some, some, more, more):
        board.show(watched, [now])
    assert first == [(some,), (more,)]
    board.follow(watched, second.append)
    board.show(watched, [more])
    assert second == [(more,)]
    board.show(watched, [])
    assert second == [(more,), ()]


def test_who_stops_hears_no_more_and_leaves_nothing_behind() -> None:
    board, heard, woken = LiveBoard(), list[News](), list[int]()
    board.woken = lambda: woken.append(1)
    stops = [board.follow(Watched(BOB, ONE), heard.append) for _ in range(2)]
    assert (board.watched, woken) == ([Watched(BOB, ONE)], [1, 1])
    board.step(step(BOB, ONE))
    assert len(heard) == 2
    for stop in (*stops, *stops):
        stop()
    assert board.watched == []
    board.step(step(BOB, ONE))
    board.show(Watched(BOB, ONE), [])
    assert len(heard) == 2
