"""What the engine needs of the world."""

from collections.abc import Callable
from typing import Protocol

from callwright.domain.errors import RemoteFault
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


class UnknownName(RemoteFault):
    """A host has no address."""


class ForbiddenAddress(RemoteFault):
    """A host has no address that customers' URLs may lead to; the text says what kind it has."""


class CustomerHosts(Protocol):
    """Where the hosts in customers' URLs are, as far as they may be called."""

    async def address(self, host: str) -> str:
        """Return an IP address of a host.

        Raises:
            UnknownName: there is none.
            ForbiddenAddress: it may not be called.

        """
        ...


MediaEvents = Callable[[rpc.Event], None]
"""Takes the events of one leg."""


class MediaWorker(Protocol):
    """One media worker process."""

    def send(self, command: rpc.Command) -> None:
        """Hand a command down; what comes of it arrives as events."""
        ...


class MediaWorkers(Protocol):
    """The media workers of this node; one that dies is replaced.

    The legs of a dead worker are each told `CommandFailed` with the command `worker`.
    """

    @property
    def inner_host(self) -> str:
        """The address at which the workers hear each other."""
        ...

    def choose(self, leg: int, events: MediaEvents, *, beside: int | None = None) -> MediaWorker:
        """Give a new leg to a worker; its events go to `events`.

        To the one that has the leg `beside`, if any has it, else to the one with the fewest.
        """
        ...

    def forget(self, leg: int) -> None:
        """Stop telling events of a leg that is closed."""
        ...
