"""Work beside work: the one place of the runner that knows the event loop.

Whoever starts something here waits for it: when one of these functions returns or raises, what it
started has ended. `Jobs` alone outlive the function that started them, and have an owner.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")

Work = Coroutine[Any, Any, T]
"""Something to be awaited once; what it sends and is sent belongs to the event loop."""

Signal = asyncio.Event
"""Wakes whoever waits for something to change."""

pause: Final = asyncio.sleep


async def beside(work: Work[T], background: Work[object]) -> T:
    """Do `work` while `background` runs; the end of `work` ends both.

    A background that returns first changes nothing; one that raises ends the work, and its error
    is what is raised.
    """
    main, back = asyncio.ensure_future(work), asyncio.ensure_future(background)
    try:
        await asyncio.wait({main, back}, return_when=asyncio.FIRST_COMPLETED)
        if not main.done():
            back.result()
            await asyncio.wait({main})
        return main.result()
    finally:
        await _end(main, back)


async def first_success(works: Sequence[Work[T | None]]) -> T | None:
    """Do all of these at once; return the first result that is one, None when there is none."""
    handles = [asyncio.ensure_future(work) for work in works]
    left = set(handles)
    try:
        while left:
            _, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
            for handle in handles:
                if handle.done() and (result := handle.result()) is not None:
                    return result
        return None
    finally:
        await _end(*handles)


async def either(first: Work[A], second: Work[B]) -> tuple[A | None, B | None]:
    """Wait for one of two; both results are there when both ended at the same moment."""
    one, other = asyncio.ensure_future(first), asyncio.ensure_future(second)
    try:
        await asyncio.wait({one, other}, return_when=asyncio.FIRST_COMPLETED)
        return (one.result() if one.done() else None, other.result() if other.done() else None)
    finally:
        await _end(one, other)


async def within(seconds: float | None, work: Work[T]) -> T | None:
    """Do `work` in this time (None: for ever); None when the time ran out."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            return await work
    return None


async def to_the_end(work: Work[T]) -> T:
    """Do `work` whole, also when whoever waits for it is cancelled: the cancellation follows it."""
    handle = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not handle.done():
        try:
            await asyncio.wait({handle})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    return handle.result()


async def stopped_not_cut(
    work: Work[T], *, stop: Callable[[], None], keep: Callable[[T], object]
) -> T:
    """Do `work`; when it is cancelled, ask it to stop by itself, and keep what it then returns."""
    handle = asyncio.ensure_future(work)
    try:
        await asyncio.wait({handle})
    except asyncio.CancelledError:
        stop()
        await to_the_end(_ended(handle))
        if not handle.cancelled() and handle.exception() is None:
            keep(handle.result())
        raise
    return handle.result()


class Stoppable(Generic[T]):
    """One piece of work at a time, which somebody else may stop."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._handle: asyncio.Future[T] | None = None
        self._is_stopped = False

    async def run(self, work: Work[T]) -> T | None:
        """Do it; None when `stop` ended it. What it has to tidy up is waited for."""
        self._is_stopped = False
        self._handle = asyncio.ensure_future(work)
        try:
            return await self._handle
        except asyncio.CancelledError:
            waiting = asyncio.current_task()
            if self._is_stopped and (waiting is None or not waiting.cancelling()):
                return None
            raise
        finally:
            self._handle = None

    def stop(self) -> None:
        """End what runs; nothing when nothing does."""
        if self._handle is not None:
            self._is_stopped = True
            self._handle.cancel()


class Jobs:
    """Work that outlives the function that began it. Each piece deals with its own errors."""

    def __init__(self) -> None:
        """Begin with none."""
        self._handles: set[asyncio.Future[None]] = set()

    def start(self, work: Work[None]) -> None:
        """Begin; `end` or `done` wait for it."""
        handle = asyncio.ensure_future(work)
        self._handles.add(handle)
        handle.add_done_callback(self._handles.discard)

    async def done(self, seconds: float | None = None) -> None:
        """Wait for all of them, at most so long (None: for ever)."""
        if self._handles:
            await asyncio.wait(set(self._handles), timeout=seconds)

    async def end(self) -> int:
        """Cancel those that are left, wait for them, and return how many they were."""
        left = set(self._handles)
        await _end(*left)
        return len(left)


class Inbox(Generic[T]):
    """Things for one reader, in order; whoever puts them in never waits."""

    def __init__(self) -> None:
        """Begin empty and open."""
        self.waiting: deque[T] = deque()
        """For a bound: its owner may take things out."""
        self._changed = Signal()
        self._is_closed = False

    def put(self, thing: T) -> None:
        """Add one."""
        self.waiting.append(thing)
        self._changed.set()

    def close(self) -> None:
        """Say that no more will come."""
        self._is_closed = True
        self._changed.set()

    async def take(self) -> T | None:
        """Wait for the oldest; None when it is closed and empty. Nothing is lost by cancelling."""
        while not self.waiting:
            if self._is_closed:
                return None
            self._changed.clear()
            await self._changed.wait()
        return self.waiting.popleft()


async def _ended(handle: "asyncio.Future[T]") -> None:
    await asyncio.wait({handle})


async def _end(*handles: "asyncio.Future[Any]") -> None:
    for handle in handles:
        handle.cancel()
    if handles:
        await to_the_end(_all_ended(handles))
    for handle in handles:
        # Looked at, so that the event loop does not complain that nobody did.
        if not handle.cancelled():
            handle.exception()


async def _all_ended(handles: Sequence["asyncio.Future[Any]"]) -> None:
    await asyncio.wait(set(handles))
