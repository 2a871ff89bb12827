"""The HTTP server around the web services: uvicorn, without signal handlers of its own."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from callwright.app.joined_writes import HttpConnection

BACKLOG: Final = 2048
"""Connections that wait to be accepted during a burst; uvicorn's own default."""

CLOSE_PATIENCE: Final = 5
"""Seconds that requests may still take when the server stops."""


def listen(host: str, port: int) -> socket.socket:
    """Take an address for HTTP; port 0 takes any free one.

    Raises:
        OSError: it is taken or not ours.

    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_open = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the door, and say so."""
        await super().startup(sockets)
        self.is_open.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the supervisor, which stops more than HTTP."""
        yield


class WebServer:
    """Serves an ASGI application on a bound socket."""

    def __init__(self, app: ASGIApp, bound: socket.socket) -> None:
        """Prepare the server; `start` opens its door."""
        config = uvicorn.Config(
            app,
            loop="none",
            http=HttpConnection,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=CLOSE_PATIENCE,
            backlog=BACKLOG,
        )
        self._server = _Server(config)
        self._socket = bound
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to accept requests; they are accepted when this returns."""
        self._serving = asyncio.create_task(
            self._server.serve(sockets=[self._socket]), name="web server"
        )
        await self._server.is_open.wait()

    async def stop(self) -> None:
        """Accept nothing more and let running requests end."""
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
        self._socket.close()
