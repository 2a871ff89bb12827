"""Files that are being uploaded: in a folder that nobody looks into, until they are whole."""

import asyncio
import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from callwright.adapters.files.disk_faults import disk_faults
from callwright.adapters.files.names import located
from callwright.adapters.files.naming import Naming, Place
from callwright.domain.errors import StoreUnavailable
from callwright.domain.file_names import FileName, FileType
from callwright.domain.ids import AccountId
from callwright.files.ports import Seen

UNFINISHED: Final = "~unfinished"
"""The folder beside those of the accounts; no account is named so."""

CONTENT_TYPE_ATTRIBUTE: Final = "user.mime_type"
"""The extended attribute that holds a content type, as desktops name it
(freedesktop.org, common extended attributes)."""


class Drafts:
    """Begins drafts below one folder; what a killed process left there is removed first."""

    def __init__(self, roots: dict[FileType, Path], naming: Naming) -> None:
        """`roots` are where whole files go; drafts are in that of media files, the largest."""
        self.roots = roots
        self.naming = naming
        self.one_conversion = asyncio.Semaphore()
        self._folder = roots[FileType.MEDIA] / UNFINISHED
        self._folder.mkdir(parents=True, exist_ok=True)
        for left in self._folder.iterdir():
            left.unlink()

    def begin(self) -> "FileDraft":
        """Make an empty draft; waits for the disk."""
        with disk_faults():
            return FileDraft(self, *self.new_file())

    def new_file(self) -> tuple[BinaryIO, Path]:
        """Make an empty file."""
        handle, name = tempfile.mkstemp(dir=self._folder)
        return os.fdopen(handle, "w+b", buffering=0), Path(name)


class FileDraft:
    """One draft; its methods but `discard` raise what `disk_faults` makes."""

    def __init__(self, drafts: Drafts, file: BinaryIO, path: Path) -> None:
        self._drafts = drafts
        self._file = file
        self._path = path

    async def write(self, content: bytes) -> None:
        """Append."""
        await asyncio.to_thread(self._write, content)

    async def inspect(self, look: Callable[[BinaryIO], Seen]) -> Seen:
        """Let somebody read it from its beginning."""

        def work() -> Seen:
            with disk_faults(), self._path.open("rb") as file:
                return look(file)

        return await asyncio.to_thread(work)

    async def rewrite(self, make: Callable[[BinaryIO, BinaryIO], None]) -> None:
        """Let somebody make another content out of it; one at a time, as it takes the CPU."""
        async with self._drafts.one_conversion:
            await asyncio.to_thread(self._rewrite, make)

    async def keep(self, account_id: AccountId, name: FileName, content_type: str) -> int:
        """Give it its name; it is on disk when this returns."""
        return await asyncio.to_thread(self._keep, account_id, name, content_type)

    async def discard(self) -> None:
        """Leave nothing of it."""
        await asyncio.to_thread(self._discard)

    def _write(self, content: bytes) -> None:
        with disk_faults():
            view = memoryview(content)
            while view:
                view = view[self._file.write(view) :]

    def _rewrite(self, make: Callable[[BinaryIO, BinaryIO], None]) -> None:
        with disk_faults():
            file, path = self._drafts.new_file()
            try:
                with self._path.open("rb") as source, path.open("wb") as target:
                    make(source, target)
            except BaseException:
                file.close()
                path.unlink()
                raise
            self._discard()
            self._file, self._path = file, path

    def _keep(self, account_id: AccountId, name: FileName, content_type: str) -> int:
        with disk_faults():
            path = located(self._drafts.roots[name.file_type], account_id, name)
            if content_type:
                self._note(content_type)
            os.fsync(self._file.fileno())
            size_bytes = os.fstat(self._file.fileno()).st_size
            self._drafts.naming.put(self._path, Place(name, path))
            self._file.close()
            return size_bytes

    def _note(self, content_type: str) -> None:
        try:
            os.setxattr(self._file.fileno(), CONTENT_TYPE_ATTRIBUTE, content_type.encode())
        except OSError as error:
            if error.errno != errno.ENOTSUP:
                raise
            raise StoreUnavailable(
                "the file system of the data folder keeps no extended attributes"
            ) from error

    def _discard(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
