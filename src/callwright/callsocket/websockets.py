"""A server of its own, on `websockets`: `run(handler)`, or `async with serve(handler)`."""

import argparse
import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from .call import Handler
from .conversation import converse
from .session import SUB_PROTOCOLS, choose_sub_protocol

try:
    from websockets.asyncio.server import Server, ServerConnection, basic_auth
    from websockets.asyncio.server import serve as open_server
    from websockets.exceptions import ConnectionClosed
    from websockets.typing import Subprotocol
except ImportError as error:
    raise ImportError(
        "callwright.callsocket.websockets needs websockets: pip install websockets"
    ) from error

TAKES_BYTES: Final = 1 << 16
"""Longest message that is read: many times what the platform sends."""


class WebsocketsConnection:
    """A connection of `websockets`, as `converse` needs it."""

    def __init__(self, connection: ServerConnection) -> None:
        """Begin after the handshake."""
        self._connection = connection

    async def receive(self) -> str | bytes | None:
        """Wait for the next message; None when the connection is closed."""
        try:
            return await self._connection.recv()
        except ConnectionClosed:
            return None

    async def send(self, message: str | bytes) -> None:
        """Send a message; nothing if it is closed."""
        try:
            await self._connection.send(message)
        except ConnectionClosed:
            return  # Whoever reads is told.

    async def close(self, code: int, reason: str = "") -> None:
        """Close, unless it is closed."""
        await self._connection.close(code, reason)

    @property
    def close_code(self) -> int | None:
        """The code of the other side's Close frame."""
        received = self._connection.protocol.close_rcvd
        return None if received is None else int(received.code)

    @property
    def sub_protocol(self) -> str | None:
        """What was agreed on."""
        return self._connection.subprotocol

    @property
    def path(self) -> str:
        """What the request named, with its query."""
        request = self._connection.request
        return "" if request is None else request.path


@asynccontextmanager
async def serve(
    handler: Handler,
    host: str = "127.0.0.1",
    port: int = 8443,
    *,
    tls: ssl.SSLContext | None = None,
    credentials: tuple[str, str] | None = None,
    sub_protocols: tuple[str, ...] = SUB_PROTOCOLS,
) -> AsyncIterator[Server]:
    """Run a server as long as the block lasts; leaving it ends every call.

    The platform calls `wss:` URLs only, so `tls` is None behind a proxy alone that has the
    certificate. With `credentials`, user name and password, only a URL that has them is let in:
    `wss://name:password@host/`; others are answered 401, which is their raw cause.
    """

    async def handle(connection: ServerConnection) -> None:
        await converse(WebsocketsConnection(connection), handler)

    def choose(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
        chosen = choose_sub_protocol(offered, sub_protocols)
        return None if chosen is None else Subprotocol(chosen)

    serving = open_server(
        handle,
        host,
        port,
        ssl=tls,
        process_request=None if credentials is None else basic_auth(credentials=credentials),
        select_subprotocol=choose,
        # Sound does not become smaller by it, only later.
        compression=None,
        max_size=TAKES_BYTES,
    )
    async with serving as server:
        yield server


def run(handler: Handler, *, port: int = 8443) -> None:
    """Serve calls until interrupted; `--help` lists what can be said on the command line."""
    arguments = argparse.ArgumentParser(description="A server for calls to WebSockets.")
    arguments.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    arguments.add_argument("--port", type=int, default=port, help="0 takes a free port")
    arguments.add_argument("--certificate", help="a PEM file; without one it speaks ws, not wss")
    arguments.add_argument("--key", help="the certificate's key, if it is in a file of its own")
    said = arguments.parse_args()
    tls = None
    if said.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(said.certificate, said.key)
    try:
        asyncio.run(_serve_until_interrupted(handler, said.host, said.port, tls))
    except KeyboardInterrupt:
        print("stopped", flush=True)  # noqa: T201 - what the person at the terminal needs


async def _serve_until_interrupted(
    handler: Handler, host: str, port: int, tls: ssl.SSLContext | None
) -> None:
    async with serve(handler, host, port, tls=tls) as server:
        scheme = "wss" if tls else "ws"
        print(f"calls on {scheme}://{host}:{port_of(server)}", flush=True)  # noqa: T201 - as above
        await server.serve_forever()


def port_of(server: Server) -> int:
    """Return the port that a server listens on, when it was told to take a free one."""
    return int(next(iter(server.sockets)).getsockname()[1])
