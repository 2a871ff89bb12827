"""The UDP socket that SIP comes and goes by."""

import asyncio
import socket
from collections.abc import Callable
from typing import Final, cast

RECEIVE_BUFFER_BYTES: Final = 4 << 20
"""Room for a burst of some thousand messages while the process is busy; the system may grant
less, and then the far ends' retransmissions fill the gap."""

Receiver = Callable[[bytes, str, int], None]


class UdpSocket(asyncio.DatagramProtocol):
    """One bound socket; implements `engine.ports.Datagrams`."""

    def __init__(self) -> None:
        """Make an unbound socket; `bind` it."""
        self._transport: asyncio.DatagramTransport | None = None
        self._receiver: Receiver | None = None

    async def bind(self, host: str, port: int) -> tuple[str, int]:
        """Bind to an address and return it; port 0 takes any free one.

        Raises:
            OSError: the address is not ours or the port is taken.

        """
        bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        bound.setblocking(False)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        try:
            bound.bind((host, port))
        except OSError:
            bound.close()
            raise
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, sock=bound)
        address = bound.getsockname()
        return str(address[0]), int(address[1])

    def receive_with(self, receiver: Receiver) -> None:
        """Hand every datagram from now on to `receiver`; those before are dropped."""
        self._receiver = receiver

    def send(self, data: bytes, host: str, port: int) -> None:
        """Send one datagram, now or never."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, (host, port))

    def close(self) -> None:
        """Close the socket."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (called by the event loop)."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Pass a datagram on (called by the event loop)."""
        if self._receiver is not None:
            self._receiver(data, addr[0], addr[1])

    def error_received(self, exc: Exception) -> None:
        """Ignore an ICMP error (called by the event loop): SIP's timers notice silence."""
