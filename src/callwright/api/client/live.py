"""`…/live`: how far queues are and what happens to their tasks, as server-sent events."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from callwright.api.client.envelope import ClientFault
from callwright.api.client.queues import NO_QUEUE, queue_id_of
from callwright.api.client.requests import ClientRequest
from callwright.api.doors import Doors
from callwright.api.exchange import Stream
from callwright.api.live_events import EVENT_STREAM
from callwright.api.live_streams import COMMENT
from callwright.api.mailbox import Mailbox
from callwright.domain.callback import CallbackQueueId
from callwright.domain.clock import UnixTime
from callwright.scheduler.live.board import News, Watched
from callwright.scheduler.live.printing import (
    LiveEvent,
    piece_of,
    print_gone,
    print_missed,
    print_progress,
    print_step,
)
from callwright.scheduler.live.values import QueueProgress, TaskStep


async def watch_queues(request: ClientRequest) -> Stream:
    """Watch all queues of a client."""
    return await _watch(request, Watched(request.account_id))


async def watch_queue(request: ClientRequest) -> Stream:
    """Watch one queue, as long as it is there."""
    return await _watch(request, Watched(request.account_id, queue_id_of(request)))


async def _watch(request: ClientRequest, watched: Watched) -> Stream:
    doors = request.doors
    if not doors.live.has_room_for(watched.account_id):
        message = "too many followers of live events; end one of them first"
        headers = ((b"retry-after", b"5"),)
        raise ClientFault(429, message, "too_many_streams", headers=headers)
    progress = await doors.callbacks.progress.progress(
        watched.account_id, watched.queue_id, at=doors.clock.unix_time()
    )
    if watched.queue_id is not None and not progress:
        raise ClientFault(404, *NO_QUEUE)
    return Stream(_pieces(doors, watched, progress, request.client.until), EVENT_STREAM)


async def _pieces(
    doors: Doors, watched: Watched, first: Sequence[QueueProgress], until: UnixTime
) -> AsyncGenerator[bytes]:
    """Tell what happens until the token expires, the server stops, or the one queue is gone."""
    view, mailbox = _View(watched), Mailbox[News]()
    with doors.live.follower(watched.account_id, mailbox):
        stop = doors.callbacks.board.follow(watched, mailbox.put)
        try:
            news: list[News] = [tuple(first)]
            missed = 0
            while True:
                pieces = [piece_of(event) for event in view.events(missed, news)]
                # Silence would make a proxy believe that nobody is there.
                for piece in pieces or [COMMENT]:
                    yield piece
                left = until - doors.clock.unix_time()
                if mailbox.is_closed or view.is_over or left <= 0:
                    return
                missed, news = await mailbox.take(min(left, doors.live.heartbeat))
        finally:
            stop()


@dataclass(slots=True)
class _View:
    """What one follower has been told."""

    watched: Watched
    told: dict[CallbackQueueId, QueueProgress] = field(default_factory=dict)
    is_over: bool = False

    def events(self, missed: int, news: Iterable[News]) -> Iterator[LiveEvent]:
        """Print what is new to him."""
        if missed:
            yield print_missed(missed)
        for one in news:
            if isinstance(one, TaskStep):
                yield print_step(one)
            else:
                yield from self._progress(one)

    def _progress(self, now: Sequence[QueueProgress]) -> Iterator[LiveEvent]:
        there = {one.queue_id: one for one in now}
        for queue_id in self.told.keys() - there.keys():
            yield print_gone(queue_id)
            self.is_over = self.watched.queue_id is not None
        yield from (print_progress(one) for one in now if self.told.get(one.queue_id) != one)
        self.told = there
