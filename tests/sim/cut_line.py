"""A line to a PostgreSQL server that can be cut in the middle of a commit.

It passes everything on, until it is told to cut: then the next COMMIT is the last that it hears.
The server gets it, or not; the client never sees an answer.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from tests.sim.ports import LOOPBACK

_COMMIT = b"COMMIT;"
_CHUNK_BYTES = 65536


@dataclass(slots=True)
class CutLine:
    """What becomes of the next COMMIT."""

    is_armed: bool = False
    server_hears_it: bool = False
    meanwhile: Callable[[], Awaitable[object]] | None = None
    """What happens before the client notices."""
    cuts: int = 0

    def cut_at_commit(
        self, *, server_hears_it: bool, meanwhile: Callable[[], Awaitable[object]] | None = None
    ) -> None:
        """Cut the line at the next commit, once."""
        self.is_armed, self.server_hears_it, self.meanwhile = True, server_hears_it, meanwhile

    async def serve(
        self, port: int, client: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> None:
        """Be the line of one connection."""
        answers, server = await asyncio.open_connection(LOOPBACK, port)
        returning = asyncio.create_task(_copy(answers, back))
        try:
            while chunk := await client.read(_CHUNK_BYTES):
                if self.is_armed and _COMMIT in chunk:
                    self.is_armed = False
                    self.cuts += 1
                    returning.cancel()
                    await asyncio.wait([returning])
                    if self.server_hears_it:
                        server.write(chunk)
                        await answers.read(_CHUNK_BYTES)  # it is done now, and nobody is told
                    server.close()
                    if self.meanwhile is not None:
                        await self.meanwhile()
                    return
                server.write(chunk)
                await server.drain()
        finally:
            returning.cancel()
            server.close()
            back.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await source.read(_CHUNK_BYTES):
            target.write(chunk)
            await target.drain()
    target.close()


@asynccontextmanager
async def cut_line(url: str) -> AsyncIterator[tuple[CutLine, str]]:
    """Lay a line to the server of a URL; gives the line and the URL that goes through it."""
    parts = urlsplit(url)
    assert parts.port is not None
    port, line = parts.port, CutLine()
    server = await asyncio.start_server(
        lambda client, back: line.serve(port, client, back), LOOPBACK, 0
    )
    ours = server.sockets[0].getsockname()[1]
    try:
        yield line, urlunsplit(parts._replace(netloc=f"{parts.username}@{LOOPBACK}:{ours}"))
    finally:
        server.close()
