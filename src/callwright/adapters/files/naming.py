"""Names given to whole files, changed and taken away: one at a time, and durable.

A folder exists only through the files in it: an empty one is in nobody's way.
"""

import errno
import os
import secrets
import shutil
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from callwright.adapters.folders import sync_folder
from callwright.domain.file_names import FileName
from callwright.files.ports import NameTaken, UnknownFile


@dataclass(frozen=True, slots=True)
class Place:
    """A name and where its file lies."""

    name: FileName
    path: Path


@dataclass(slots=True)
class Naming:
    """The one writer of names in the folders of all accounts; its methods wait for the disk."""

    _turn: threading.Lock = field(default_factory=threading.Lock)

    def put(self, part: Path, place: Place) -> None:
        """Give a complete, synced file its name, in place of whatever had it.

        Raises:
            NameTaken: a folder with files has it, or a folder of the name is a file.
            OSError: the disk fails.

        """
        with self._turn:
            made = _make_folders(place)
            _clear_way(place)
            try:
                part.replace(place.path)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                _copy(part, place.path)
        _sync({place.path.parent, *made})

    def move(self, old: Place, new: Place) -> None:
        """Change a file's name into one that nobody has.

        Raises:
            UnknownFile: there is no such file.
            NameTaken: the new name is in use.
            OSError: the disk fails.

        """
        with self._turn:
            if not old.path.is_file():
                raise UnknownFile(f"the file {old.name} does not exist")
            if new.path.is_file() or new.path.is_symlink():
                raise NameTaken(f"the file {new.name} exists already")
            made = _make_folders(new)
            _clear_way(new)
            try:
                old.path.rename(new.path)
            except FileNotFoundError:
                # An application deletes files beside us.
                raise UnknownFile(f"the file {old.name} does not exist") from None
        _sync({old.path.parent, new.path.parent, *made})

    def remove(self, place: Place) -> bool:
        """Take a file's name away; False when nobody had it."""
        with self._turn:
            if not place.path.is_file():
                return False
            place.path.unlink(missing_ok=True)
        _sync({place.path.parent})
        return True


def _make_folders(place: Place) -> list[Path]:
    """Make the folders of a name; return those in which one was made."""
    folder = place.path.parent
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise NameTaken(f"a folder of {place.name} is a file") from None
    return [one.parent for one in missing]


def _clear_way(place: Place) -> None:
    """Take a folder without files out of the way of a file of its name."""
    if not place.path.is_dir() or place.path.is_symlink():
        return
    try:
        for folder, _, _ in os.walk(place.path, topdown=False):
            Path(folder).rmdir()
    except OSError as error:
        if error.errno == errno.ENOTEMPTY:
            raise NameTaken(f"{place.name} is a folder with files in it") from None
        raise


def _copy(part: Path, path: Path) -> None:
    """Bring a file to another file system, where it is whole before it has its name."""
    # No name of a file has a tilde, so nobody finds or replaces this one.
    beside = path.with_name(f"~{secrets.token_hex(8)}")
    try:
        shutil.copy2(part, beside)
        with beside.open("rb") as copied:
            os.fsync(copied.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    part.unlink()


def _sync(folders: Iterable[Path]) -> None:
    for folder in folders:
        # One that is gone by now needs no names.
        with suppress(FileNotFoundError):
            sync_folder(folder)
