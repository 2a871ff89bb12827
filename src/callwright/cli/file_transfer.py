"""Files on their way to and from a server, a piece at a time."""

from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Final

import aiohttp

from callwright.cli.server import Json, Server, answer_of

TRANSFER_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=120)
"""A transfer is as long as the line is slow; a conversion may keep it silent for a minute."""

PIECE_BYTES: Final = 1 << 18


async def write_file(server: Server, local: Path, parameters: Mapping[str, str]) -> Json:
    """Upload a file; returns what became of it."""
    with local.open("rb") as content:
        form = aiohttp.FormData(dict(parameters))
        form.add_field("file", content, filename="file", content_type="application/octet-stream")
        async with server.post("/file_write", form, timeout=TRANSFER_TIMEOUT) as response:
            kept: Json = await answer_of(response)
            return kept


async def read_file(server: Server, parameters: Mapping[str, str]) -> AsyncGenerator[bytes]:
    """Download a file."""
    async with server.post("/file_get", parameters, timeout=TRANSFER_TIMEOUT) as response:
        if not response.ok:
            await answer_of(response)
        async for piece in response.content.iter_chunked(PIECE_BYTES):
            yield piece
