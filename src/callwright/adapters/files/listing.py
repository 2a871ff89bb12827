"""Lists of files, a portion at a time: a million names take no more memory than ten."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from callwright.domain.clock import UnixTime
from callwright.domain.file_names import BadFileName, FileName, FileType, file_name
from callwright.files.content import HEAD_BYTES, is_encrypted
from callwright.files.ports import FileEntry


@dataclass(slots=True)
class Listing:
    """A walk through an account's folder: folder by folder, in the order of the file system.

    Links are not followed, and what has no name of the API is passed over.
    """

    folder: Path
    file_type: FileType
    prefix: str
    _open: list[tuple[str, "os._ScandirIterator[str]"]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Go to the folder in which the prefix ends."""
        inside, slash, _ = self.prefix.rpartition("/")
        if (self.folder / inside).resolve().is_relative_to(self.folder):
            self._enter(inside + slash)

    def next_portion(self, size: int) -> list[FileEntry]:
        """Look at so many more names; empty at the end, and nowhere else."""
        while self._open:
            portion: list[FileEntry] = []
            for looked_at, entry in enumerate(self._names(), 1):
                shown = self._shown(*entry)
                if shown is not None:
                    portion.append(shown)
                if looked_at >= size:
                    break
            if portion:
                return portion
        return []

    def close(self) -> None:
        """Let go of the folders."""
        while self._open:
            self._open.pop()[1].close()

    def _names(self) -> Iterator[tuple[str, os.DirEntry[str]]]:
        while self._open:
            path, folder = self._open[-1]
            entry = next(folder, None)
            if entry is None:
                self._open.pop()
                continue
            name = path + entry.name
            # Above the prefix's end the name must begin so; below, the folder's name did.
            if not name.startswith(self.prefix) and not self.prefix.startswith(name + "/"):
                continue
            if entry.is_dir(follow_symlinks=False):
                self._enter(name + "/")
            elif entry.is_file(follow_symlinks=False):
                yield name, entry

    def _enter(self, path: str) -> None:
        # A folder may go while we walk.
        with suppress(FileNotFoundError, NotADirectoryError):
            self._open.append((path, os.scandir(self.folder / path)))

    def _shown(self, text: str, entry: os.DirEntry[str]) -> FileEntry | None:
        try:
            name = file_name(self.file_type, text)
            found = entry.stat(follow_symlinks=False)
            head = read_head(name, entry.path)
        except (BadFileName, FileNotFoundError):
            return None
        return FileEntry(text, found.st_size, UnixTime(found.st_mtime), is_encrypted(name, head))


def read_head(name: FileName, path: str | os.PathLike[str]) -> bytes:
    """Read as much of a regular file as tells whether it is encrypted, if such a file may be."""
    if name.file_type is not FileType.MEDIA:
        return b""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, HEAD_BYTES)
    finally:
        os.close(descriptor)
