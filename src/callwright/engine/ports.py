"""What the engine needs of the world."""

from collections.abc import Callable
from typing import Protocol

from callwright.worker import rpc


class Datagrams(Protocol):
    """A UDP socket that SIP leaves by."""

    def send(self, data: bytes, host: str, port: int) -> None:
        """Send one datagram, now or never; a full socket drops it, as the network might."""
        ...


class Names(Protocol):
    """Host names to addresses."""

    async def resolve(self, host: str) -> str:
        """Return an IPv4 address of a host; a literal is returned as it is.

        Raises:
            OSError: there is none.

        """
        ...


class MediaWorker(Protocol):
    """One media worker process."""

    def send(self, command: rpc.Command) -> None:
        """Hand a command down; what comes of it arrives as events."""
        ...


class MediaWorkers(Protocol):
    """The media workers of this node; a dead one is replaced."""

    def choose(self) -> MediaWorker:
        """Return the worker with the fewest legs."""
        ...


MediaEvents = Callable[[rpc.Event], None]
"""Takes the events of one leg."""
