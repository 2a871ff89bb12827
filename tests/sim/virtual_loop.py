"""An event loop on virtual time: nobody waits, the clock jumps to whatever comes next.

What asyncio does stays as it is: sleeping, time limits, races between handles. When nothing can
run and nothing will ever come, that is a test's failure, not its end after a minute.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

from tests.sim.clock import VirtualClock

T = TypeVar("T")


def run_on(clock: VirtualClock, work: Coroutine[Any, Any, T]) -> T:
    """Run this to its end on a clock that it moves."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
        return runner.run(work)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its time is a virtual clock's."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(_JumpingSelector(clock))
        self._clock = clock

    def time(self) -> float:
        return self._clock.seconds


class _JumpingSelector(selectors.DefaultSelector):
    """Moves the clock instead of waiting."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        assert timeout is not None, "everybody waits for ever"
        self._clock.advance(timeout)
        return ready
