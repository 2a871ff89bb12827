"""How many requests of an address are answered at the same time."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Connections:
    """Counts requests in progress by address; as many addresses as there are connections."""

    def __init__(self, most: int) -> None:
        """`most` is for each address."""
        self.most = most
        self._open: Counter[str] = Counter()

    @contextmanager
    def place(self, address: str) -> Iterator[bool]:
        """Hold a place for a request until it is answered; False: all are taken."""
        if self._open[address] >= self.most:
            yield False
            return
        self._open[address] += 1
        try:
            yield True
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]
