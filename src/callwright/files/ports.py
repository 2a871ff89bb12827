"""What the file services need of the world: folders of files, and drafts that become files.

- `BadFile(RemoteFault)`: what was sent is no such file, or not allowed of one
- `UnknownFile(RemoteFault)`: there is none of that name
- `NameTaken(RemoteFault)`: there is one already, or a folder
- `ReadOnlyStore(RemoteFault)`: nobody writes there but the platform
- `DiskFull(StoreUnavailable)`: no room for what was sent
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol, TypeVar

from callwright.domain.clock import UnixTime
from callwright.domain.errors import RemoteFault, StoreUnavailable
from callwright.domain.file_names import FileName, FileType
from callwright.domain.ids import AccountId

Seen = TypeVar("Seen")


class BadFile(RemoteFault):
    """A file, or what was said of it, is refused; the text says what was expected."""


class UnknownFile(RemoteFault):
    """There is no file of that name; the text quotes it."""


class NameTaken(RemoteFault):
    """A file or a folder has that name; the text quotes it."""


class ReadOnlyStore(RemoteFault):
    """The store is not written to by its account."""


class DiskFull(StoreUnavailable):
    """There is no room; nothing was changed, and nothing is left of what was written."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file as a list shows it."""

    name: str
    size_bytes: int
    created_at: UnixTime
    """When its content was written."""
    is_encrypted: bool


class OpenFile(Protocol):
    """One version of a file: it stays as it is, whatever becomes of its name."""

    @property
    def entry(self) -> FileEntry:
        """What a list shows of it."""
        ...

    @property
    def content_type(self) -> str:
        """As it was written with; empty when nothing was said."""
        ...

    @property
    def tag(self) -> str:
        """Names this version; no other version of any name has it."""
        ...

    def pieces(self, start: int, end: int) -> AsyncGenerator[bytes]:
        """Read from one byte up to before another, and close the file at the end."""
        ...

    def close(self) -> None:
        """Close it; `pieces` does so itself once it was begun."""
        ...


class Draft(Protocol):
    """A file that has no name yet; whoever began it keeps or discards it.

    Every method but `discard` raises `DiskFull`, or `StoreUnavailable` when the disk fails.
    """

    async def write(self, content: bytes) -> None:
        """Append."""
        ...

    async def inspect(self, look: Callable[[BinaryIO], Seen]) -> Seen:
        """Let somebody read it from its beginning, beside the event loop."""
        ...

    async def rewrite(self, make: Callable[[BinaryIO, BinaryIO], None]) -> None:
        """Let somebody make another content out of it, beside the event loop; one at a time."""
        ...

    async def keep(self, account_id: AccountId, name: FileName, content_type: str) -> int:
        """Give it its name, in place of whatever had it; return its size in bytes.

        It is on disk when this returns. Whoever reads the old version goes on to its end.

        Raises:
            NameTaken: the name is a folder's, or a folder of the name is a file.
            BadFileName: a link leads out of the account's folder.

        """
        ...

    async def discard(self) -> None:
        """Leave nothing of it; does nothing once it was kept."""
        ...


class FileStore(Protocol):
    """The files of accounts, each store in a folder of its own."""

    def entries(
        self, account_id: AccountId, file_type: FileType, prefix: str
    ) -> AsyncGenerator[list[FileEntry]]:
        """List the files whose names begin so, in no particular order and in small portions.

        Files that come or go meanwhile may be in it or not; every other one is in it once.
        """
        ...

    async def open(self, account_id: AccountId, name: FileName) -> OpenFile:
        """Open a file.

        Raises:
            UnknownFile: there is none.

        """
        ...

    async def draft(self) -> Draft:
        """Begin a file.

        Raises:
            DiskFull: there is no room for it.

        """
        ...

    async def delete(self, account_id: AccountId, name: FileName) -> bool:
        """Delete a file; False when there was none. Whoever reads it goes on to its end."""
        ...

    async def rename(self, account_id: AccountId, name: FileName, new_name: FileName) -> None:
        """Give a file another name of the same store, which nobody has.

        Raises:
            UnknownFile: there is no such file.
            NameTaken: the new name is in use.

        """
        ...
