"""Downloaded files in a folder: one folder an account, the longest unused out first.

A file is written under a name that nobody looks for and renamed when it is whole. Beside it a note
of JSON says under which terms it may be used again; a file without one serves one request. A new
version gets a new name, so that the old one can be played to its end.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from callwright.adapters.web.freshness import SAID, Terms
from callwright.domain.clock import Clock, UnixTime
from callwright.domain.ids import AccountId
from callwright.runner.ports import DownloadFault

IN_USE: Final = 600.0
"""Seconds that a file stays after it was asked for, however full the folder is: what is about to be
played must not vanish."""

MAX_UNUSED: Final = 7 * 86_400.0
"""Seconds: what nobody asked for in a week is not kept."""

SWEPT_EVERY: Final = 3600.0
"""Seconds between two looks through an account's folder while there is room in it."""

SWEPT_WHILE_FULL: Final = 10.0
"""Seconds between two of them while there is not: what is in use cannot go, however often one
looks."""

ROOM_MADE: Final = 0.25
"""Of a folder that grew too full: so that not every download after that looks through it."""

OVERHEAD_BYTES: Final = 8192
"""What a file takes beside its content: a block of its own and one of its note. So there is a
bound to their number as well."""

_FILES: Final = "*.wav"
_UNFINISHED: Final = "*.part"


@dataclass(slots=True)
class _Held:
    """How much an account's folder holds, as far as is known without looking."""

    size_bytes: int
    swept_at: UnixTime


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is here, and the terms it came under."""

    path: Path
    terms: Terms


class DownloadFolder:
    """Files by what was asked for. Its methods touch the disk; `find` for so short that the event
    loop may call it.
    """

    def __init__(self, root: Path, *, max_bytes: int, clock: Clock) -> None:
        """`max_bytes` is for each account. `root` is made when it is not there, and nobody else
        writes to it.
        """
        self._root = root
        self._max_bytes = max_bytes
        self._clock = clock
        self._held: dict[str, _Held] = {}
        root.mkdir(parents=True, exist_ok=True)
        for folder in root.iterdir():
            for unfinished in folder.glob(_UNFINISHED):
                # Left by a process that was killed.
                unfinished.unlink(missing_ok=True)
            self._sweep(folder)

    def find(self, account_id: AccountId, *key: str) -> KeptFile | None:
        """Return the file that was kept under these texts, now used once more."""
        note = self._note(account_id, key)
        now = self._clock.unix_time()
        try:
            kept = json.loads(note.read_bytes())
            path = note.parent / kept["file"]
            if path.stat().st_size != kept["size_bytes"]:
                return None  # a disk that lost power kept the name and not the content
            os.utime(path, (now, now))
            said = {name: str(kept["said"][name]) for name in SAID if name in kept["said"]}
            asked_at, answered_at = UnixTime(kept["asked_at"]), UnixTime(kept["answered_at"])
        except (OSError, ValueError, LookupError, TypeError):
            return None
        return KeptFile(path, Terms(said, asked_at, answered_at))

    def begin(self, account_id: AccountId, *key: str) -> Path:
        """Make an empty file to download into; the caller finishes or removes it.

        Raises:
            DownloadFault: all the room is taken by files that are in use, or the disk is full.

        """
        note = self._note(account_id, key)
        try:
            note.parent.mkdir(exist_ok=True)
            if self._held_after_sweeping(note.parent) >= 2 * self._max_bytes:
                raise DownloadFault(
                    f"more than {2 * self._max_bytes >> 20} MB were downloaded within "
                    f"{IN_USE / 60:g} minutes"
                )
            handle, name = tempfile.mkstemp(dir=note.parent, prefix=f"{note.stem}.", suffix=".part")
            os.close(handle)
        except OSError as error:
            raise _not_kept(error) from error
        return Path(name)

    def append(self, part: Path, content: bytes) -> None:
        """Add to an unfinished file.

        Raises:
            DownloadFault: the disk is full.

        """
        try:
            # Not made anew: a download that was given up has removed it.
            with part.open("r+b") as file:
                file.seek(0, os.SEEK_END)
                file.write(content)
        except OSError as error:
            raise _not_kept(error) from error

    def finish(self, part: Path, terms: Terms, account_id: AccountId, *key: str) -> Path:
        """Give a whole file its name, and a note if its terms allow that it is found again.

        Raises:
            DownloadFault: the disk is full.

        """
        now = self._clock.unix_time()
        path = part.with_suffix(".wav")
        try:
            os.utime(part, (now, now))
            part.replace(path)
            self._held[path.parent.name].size_bytes += path.stat().st_size + OVERHEAD_BYTES
        except OSError as error:
            raise _not_kept(error) from error
        if terms.may_be_kept:
            self.note(path, terms, account_id, *key)
        return path

    def note(self, path: Path, terms: Terms, account_id: AccountId, *key: str) -> None:
        """Write down under which terms a file may be used; what was noted before is replaced."""
        note = self._note(account_id, key)
        # A full disk costs the note, and the file is downloaded again next time.
        with suppress(OSError):
            text = json.dumps(
                {
                    "file": path.name,
                    "size_bytes": path.stat().st_size,
                    "said": dict(terms.said),
                    "asked_at": terms.asked_at,
                    "answered_at": terms.answered_at,
                }
            )
            unfinished = path.with_suffix(".note.part")
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(note)

    def _note(self, account_id: AccountId, key: tuple[str, ...]) -> Path:
        digest = hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).hexdigest()
        return self._root / str(account_id) / f"{digest}.json"

    def _held_after_sweeping(self, folder: Path) -> int:
        held = self._held.get(folder.name)
        if held is not None:
            is_full = held.size_bytes > self._max_bytes
            pause = SWEPT_WHILE_FULL if is_full else SWEPT_EVERY
            if self._clock.unix_time() < held.swept_at + pause:
                return held.size_bytes
        return self._sweep(folder).size_bytes

    def _sweep(self, folder: Path) -> _Held:
        """Remove what is too old, and the longest unused of what is too much."""
        now = self._clock.unix_time()
        held_bytes = 0
        files = sorted(_files(folder), reverse=True)
        is_full = sum(size_bytes for _, size_bytes, _ in files) > self._max_bytes
        limit_bytes = self._max_bytes * (1 - ROOM_MADE) if is_full else self._max_bytes
        for used_at, size_bytes, path in files:
            is_spare = held_bytes + size_bytes > limit_bytes and used_at < now - IN_USE
            if (is_spare or used_at < now - MAX_UNUSED) and _remove(path, used_at):
                continue
            held_bytes += size_bytes
        held = self._held[folder.name] = _Held(held_bytes, now)
        return held


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each was used last, the bytes it takes, and where it is."""
    for pattern in (_FILES, _UNFINISHED):
        for path in folder.glob(pattern):
            # Another thread may sweep at the same time.
            with suppress(FileNotFoundError):
                stat = path.stat()
                yield stat.st_mtime, stat.st_size + OVERHEAD_BYTES, path


def _remove(path: Path, used_at: float) -> bool:
    """Remove a file and its note, unless somebody asked for it just now."""
    note = path.with_name(f"{path.name.partition('.')[0]}.json")
    with suppress(OSError, ValueError, LookupError, TypeError):
        if json.loads(note.read_bytes())["file"] == path.name:
            note.unlink()
    with suppress(FileNotFoundError):
        if path.stat().st_mtime != used_at:
            return False
        path.unlink()
    return True


def _not_kept(error: OSError) -> DownloadFault:
    return DownloadFault(f"what was downloaded cannot be kept: {error.strerror or error}")
