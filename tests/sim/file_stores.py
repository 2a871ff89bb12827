"""Files of accounts in folders, and the few questions that tests ask of them."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path

from callwright.adapters.files.drafts import UNFINISHED
from callwright.adapters.files.file_folders import FileFolders
from callwright.domain.file_names import FileName, FileType, file_name
from callwright.domain.ids import AccountId
from callwright.files.ports import FileEntry, FileStore
from callwright.media.tones import sines
from callwright.media.wav import Encoding, WavWriter

ANN, BOB = AccountId(1), AccountId(2)
MEDIA, MESSAGES, LOGS = FileType.MEDIA, FileType.MSG_MEDIA, FileType.REST


def wav(samples: int = 800) -> bytes:
    """Make a sound."""
    stream = io.BytesIO()
    writer = WavWriter(stream, Encoding.PCMA)
    writer.write(sines((440.0,), -12.0, 0, samples))
    writer.close()
    return stream.getvalue()


def media(text: str) -> FileName:
    """Name a media file."""
    return file_name(MEDIA, text)


def roots(folder: Path) -> dict[FileType, Path]:
    """Tell where the stores are."""
    return {one: folder / one.value for one in FileType}


Story = Callable[[FileFolders], Awaitable[None]]


def with_folders(folder: Path, story: Story) -> None:
    """Run a story in an event loop of its own."""

    async def run() -> None:
        await story(FileFolders(roots(folder)))

    asyncio.run(run())


async def written(
    store: FileStore, name: FileName, content: bytes, *, by: AccountId = ANN, said: str = ""
) -> int:
    """Write a file; return its size."""
    draft = await store.draft()
    try:
        await draft.write(content)
        return await draft.keep(by, name, said)
    finally:
        await draft.discard()


async def content_of(store: FileStore, name: FileName, by: AccountId = ANN) -> bytes:
    """Read a file."""
    file = await store.open(by, name)
    return b"".join([piece async for piece in file.pieces(0, file.entry.size_bytes)])


async def listed(
    store: FileStore, file_type: FileType = MEDIA, prefix: str = "", by: AccountId = ANN
) -> dict[str, FileEntry]:
    """List files by their names, each once."""
    entries = [one async for portion in store.entries(by, file_type, prefix) for one in portion]
    found = {one.name: one for one in entries}
    assert len(found) == len(entries)
    return found


def left_over(folder: Path) -> list[str]:
    """List the drafts that are there."""
    return [path.name for path in (folder / "media" / UNFINISHED).iterdir()]
