"""Answers in one piece: what is written to a connection in one turn of the event loop is sent so.

uvicorn writes an answer's head and its body one after the other, and uvloop sends each at once: two
system calls and two segments for a client that waits for one answer of 200 bytes.
"""

import asyncio
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class JoinedWrites(asyncio.Transport):
    """A transport whose writes wait for the end of the event loop's turn."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Send over this transport."""
        super().__init__()
        self._transport: Final = transport
        self._loop: Final = loop
        self._written: list[bytes | bytearray | memoryview] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send this with what else is written in this turn."""
        if not self._written:
            self._loop.call_soon(self._send)
        self._written.append(data)

    def close(self) -> None:
        """Send what was written and close the connection."""
        self._send()
        self._transport.close()

    # Of any type, as the names of what is known of a connection are.
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Say what is known of the connection."""
        return self._transport.get_extra_info(name, default)

    def is_closing(self) -> bool:
        """Whether the connection is closed, or is being."""
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        """Leave what comes in the kernel."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read again."""
        self._transport.resume_reading()

    def _send(self) -> None:
        written, self._written = self._written, []
        if written and not self._transport.is_closing():
            self._transport.writelines(written)


class HttpConnection(HttpToolsProtocol):
    """A client's connection whose answers are sent in one piece."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to serve the client."""
        super().connection_made(JoinedWrites(cast("asyncio.Transport", transport), self.loop))
