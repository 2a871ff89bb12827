"""Who wants to be woken when: one heap for all transactions and calls of an endpoint."""

from abc import ABC, abstractmethod
from heapq import heappop, heappush


class Timed(ABC):
    """Something that wants waking. Only `Agenda` touches the two fields.

    `due_at` is when it wants `handle_timer`; `queued_at` is the entry that stands for it in the
    heap, possibly earlier.
    """

    __slots__ = ("due_at", "queued_at")

    def __init__(self) -> None:
        self.due_at: float | None = None
        self.queued_at: float | None = None

    @abstractmethod
    def handle_timer(self, now: float) -> None:
        """The moment asked for has come. The next must be asked for again."""


class Agenda:
    """A heap whose entries are put right when they reach the top.

    A retransmission timer is moved many times and fires rarely. So a later moment leaves the old
    entry where it is, and only an earlier one costs another entry.
    """

    __slots__ = ("_heap", "_serial")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timed]] = []
        self._serial = 0

    def set(self, owner: Timed, at: float | None) -> None:
        """Wake `owner` at `at` and at no other moment; None for never."""
        owner.due_at = at
        if at is not None and (owner.queued_at is None or at < owner.queued_at):
            self._push(owner, at)

    def deadline(self) -> float | None:
        """The next moment anyone waits for."""
        heap = self._heap
        while heap:
            at, _, owner = heap[0]
            if owner.queued_at == at and owner.due_at == at:
                return at
            heappop(heap)
            if owner.queued_at == at:
                owner.queued_at = None
                if owner.due_at is not None:
                    self._push(owner, owner.due_at)
        return None

    def handle_timer(self, now: float) -> None:
        """Wake everybody whose moment has come, in order."""
        while (at := self.deadline()) is not None and at <= now:
            _, _, owner = heappop(self._heap)
            owner.due_at = owner.queued_at = None
            owner.handle_timer(now)

    def _push(self, owner: Timed, at: float) -> None:
        owner.queued_at = at
        self._serial += 1  # equal moments fire in the order in which they were asked for
        heappush(self._heap, (at, self._serial, owner))
