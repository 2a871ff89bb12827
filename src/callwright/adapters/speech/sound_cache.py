"""Synthesised speech in a folder: a wav file a text and voice, the longest unused out first."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from callwright.domain.clock import Clock

IN_USE: Final = 600.0
"""Seconds that a file stays after it was asked for, however full the folder is: a prompt that is
about to be played must not vanish."""


class SoundCache:
    """Files by what they hold."""

    def __init__(self, folder: Path, *, max_bytes: int, clock: Clock) -> None:
        """`folder` is made when it is not there, and nobody else writes to it."""
        folder.mkdir(parents=True, exist_ok=True)
        for unfinished in folder.glob("*.part"):
            # Left by a process that was killed.
            unfinished.unlink(missing_ok=True)
        self._folder = folder
        self._max_bytes = max_bytes
        self._clock = clock

    def find(self, *key: str) -> Path | None:
        """Return the file made of these texts, now used once more."""
        path = self._path(key)
        now = self._clock.unix_time()
        try:
            os.utime(path, (now, now))
        except FileNotFoundError:
            return None
        return path

    def add(self, wav: bytes, *key: str) -> Path:
        """Keep a file; readers see the whole of it or nothing."""
        path = self._path(key)
        handle, temporary = tempfile.mkstemp(dir=self._folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(wav)
            now = self._clock.unix_time()
            os.utime(temporary, (now, now))
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        self._make_room()
        return path

    def _path(self, key: tuple[str, ...]) -> Path:
        digest = hashlib.sha256("\0".join(key).encode()).hexdigest()
        return self._folder / f"{digest}.wav"

    def _make_room(self) -> None:
        kept = sorted(self._files(), reverse=True)
        spare_until = self._clock.unix_time() - IN_USE
        size_bytes = 0
        for used_at, file_bytes, path in kept:
            size_bytes += file_bytes
            if size_bytes > self._max_bytes and used_at < spare_until:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When each was used last, its bytes, and where it is."""
        for path in self._folder.glob("*.wav"):
            # Another thread may make room at the same time.
            with suppress(FileNotFoundError):
                stat = path.stat()
                yield stat.st_mtime, stat.st_size, path
