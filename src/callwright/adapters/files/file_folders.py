"""The stores of all accounts in folders: `<root of the store>/<account>/<name>`."""

import asyncio
import os
import stat
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Final

from callwright.adapters.files.disk_faults import disk_faults
from callwright.adapters.files.drafts import CONTENT_TYPE_ATTRIBUTE, Drafts, FileDraft
from callwright.adapters.files.listing import Listing
from callwright.adapters.files.names import located
from callwright.adapters.files.naming import Naming, Place
from callwright.domain.clock import UnixTime
from callwright.domain.file_names import BadFileName, FileName, FileType
from callwright.domain.ids import AccountId
from callwright.files.content import HEAD_BYTES, is_encrypted
from callwright.files.ports import FileEntry, UnknownFile

READ_AT_ONCE: Final = 1 << 18
"""Bytes of a file in memory while it is sent: half a minute of G.711."""

LISTED_AT_ONCE: Final = 256
"""Names looked at in one visit to a thread: some milliseconds."""


class FolderFile:
    """An open file."""

    def __init__(self, name: FileName, file: FileIO) -> None:
        """Take a regular file that was opened to be read."""
        self._file = file
        found = os.fstat(file.fileno())
        head = os.pread(file.fileno(), HEAD_BYTES, 0)
        self.entry = FileEntry(
            name.text, found.st_size, UnixTime(found.st_mtime), is_encrypted(name, head)
        )
        self.tag = f"{found.st_ino:x}-{found.st_mtime_ns:x}-{found.st_size:x}"
        self.content_type = ""
        with suppress(OSError):  # it has none, or the file system keeps none
            self.content_type = os.getxattr(file.fileno(), CONTENT_TYPE_ATTRIBUTE).decode("latin-1")

    async def pieces(self, start: int, end: int) -> AsyncGenerator[bytes]:
        """Read from one byte up to before another, then close."""
        with self._file:
            while start < end:
                size = min(READ_AT_ONCE, end - start)
                piece = await asyncio.to_thread(os.pread, self._file.fileno(), size, start)
                if not piece:
                    raise EOFError(f"{end - start} bytes are missing: the file was cut")
                start += len(piece)
                yield piece

    def close(self) -> None:
        """Close it."""
        self._file.close()


class FileFolders:
    """Media files, message media and REST logs. Made inside the event loop."""

    def __init__(self, roots: Mapping[FileType, Path]) -> None:
        """Every store has a root; nobody else removes or renames files below those of media."""
        self._roots = dict(roots)
        self._naming = Naming()
        self._drafts = Drafts(self._roots, self._naming)

    async def entries(
        self, account_id: AccountId, file_type: FileType, prefix: str
    ) -> AsyncGenerator[list[FileEntry]]:
        """List the files whose names begin so."""
        folder = (self._roots[file_type] / str(account_id)).resolve()
        listing = Listing(folder, file_type, prefix)
        try:
            while portion := await asyncio.to_thread(_portion, listing):
                yield portion
        finally:
            listing.close()

    async def open(self, account_id: AccountId, name: FileName) -> FolderFile:
        """Open a file."""
        return await asyncio.to_thread(self._opened, account_id, name)

    async def draft(self) -> FileDraft:
        """Begin a file."""
        return await asyncio.to_thread(self._drafts.begin)

    async def delete(self, account_id: AccountId, name: FileName) -> bool:
        """Delete a file."""

        def work() -> bool:
            with disk_faults():
                return self._naming.remove(self._place(account_id, name))

        return await asyncio.to_thread(work)

    async def rename(self, account_id: AccountId, name: FileName, new_name: FileName) -> None:
        """Give a file another name."""

        def work() -> None:
            with disk_faults():
                old, new = self._place(account_id, name), self._place(account_id, new_name)
                self._naming.move(old, new)

        await asyncio.to_thread(work)

    def _place(self, account_id: AccountId, name: FileName) -> Place:
        return Place(name, located(self._roots[name.file_type], account_id, name))

    def _opened(self, account_id: AccountId, name: FileName) -> FolderFile:
        unknown = UnknownFile(f"the file {name} does not exist")
        try:
            # Not blocked by a pipe that somebody made there.
            file = FileIO(
                self._place(account_id, name).path,
                opener=lambda path, flags: os.open(path, flags | os.O_NONBLOCK),
            )
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError, BadFileName):
            raise unknown from None
        except OSError:
            with disk_faults():
                raise
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise unknown
        return FolderFile(name, file)


def _portion(listing: Listing) -> list[FileEntry]:
    with disk_faults():
        return listing.next_portion(LISTED_AT_ONCE)
