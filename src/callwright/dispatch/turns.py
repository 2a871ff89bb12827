"""Who is next: one start at a time, first to those who are owed some, then to everybody in turn.

The same rule holds between the accounts that share a trunk and between the services of an account.
"""

from collections import deque
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar


class Taker(Protocol):
    """Somebody who may take starts."""

    owed: int
    """Starts that he was promised and has not had; `Turns` counts them down."""

    def take(self) -> bool:
        """Take one start; False if there is nothing to start, or no more may be started."""
        ...


T = TypeVar("T", bound=Taker)


class Turns(Generic[T]):
    """Deals out starts among takers, who come in the order in which it is their turn."""

    def __init__(self, takers: Iterable[T]) -> None:
        """Begin a round."""
        self._everybody = deque(takers)
        self._owed = deque(taker for taker in self._everybody if taker.owed > 0)
        self.last: T | None = None
        """Who was served last in his turn; what is owed is no turn."""

    def take(self) -> bool:
        """Let the next one take a start; False when nobody can."""
        while self._owed:
            taker = self._owed.popleft()
            if taker.take():
                taker.owed -= 1
                if taker.owed > 0:
                    self._owed.append(taker)
                return True
        while self._everybody:
            taker = self._everybody.popleft()
            if taker.take():
                self._everybody.append(taker)
                self.last = taker
                return True
        return False
