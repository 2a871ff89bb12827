"""Who watches which queues, and what they hear.

Pure: a listener is called at once by whoever tells.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from callwright.domain.callback import CallbackQueueId
from callwright.domain.ids import AccountId
from callwright.scheduler.live.values import QueueProgress, TaskStep

News = TaskStep | tuple[QueueProgress, ...]
"""A step of a task; or how far the watched queues are, each of them, after something changed."""

Listener = Callable[[News], None]
"""Takes news at once; never waits and never fails."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched: a queue, or all of an account's."""

    account_id: AccountId
    queue_id: CallbackQueueId | None = None


@dataclass(slots=True)
class LiveBoard:
    """Tells listeners of tasks' steps and of queues' progress."""

    woken: Callable[[], None] = lambda: None
    """Called when something is watched that was not."""
    _listeners: dict[Watched, dict[object, Listener]] = field(default_factory=dict, init=False)
    _shown: dict[Watched, tuple[QueueProgress, ...]] = field(default_factory=dict, init=False)

    @property
    def watched(self) -> Sequence[Watched]:
        """What somebody watches."""
        return list(self._listeners)

    def follow(self, watched: Watched, listener: Listener) -> Callable[[], None]:
        """Hear of a queue from now on; what is returned ends that, and may be called twice."""
        token = object()
        self._listeners.setdefault(watched, {})[token] = listener
        # Whoever comes read for himself how far it is; the next look is told whatever it brings.
        self._shown.pop(watched, None)
        self.woken()

        def stop() -> None:
            listeners = self._listeners.get(watched, {})
            listeners.pop(token, None)
            if not listeners:
                self._listeners.pop(watched, None)
                self._shown.pop(watched, None)

        return stop

    def step(self, step: TaskStep) -> None:
        """Tell of a step; those of tasks that no list shows are nobody's to see."""
        task = step.task
        if task.wish.call_uuid is not None:
            return
        for watched in (
            Watched(task.account_id, task.queue_id),
            Watched(task.account_id),
        ):
            self._tell(watched, step)

    def show(self, watched: Watched, progress: Sequence[QueueProgress]) -> None:
        """Tell how far queues are, unless that was told."""
        now = tuple(progress)
        if watched in self._listeners and self._shown.get(watched) != now:
            self._shown[watched] = now
            self._tell(watched, now)

    def _tell(self, watched: Watched, news: News) -> None:
        for listener in tuple(self._listeners.get(watched, {}).values()):
            listener(news)
