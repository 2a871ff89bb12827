"""Recordings in the media files of accounts, as they lie on the disk when nobody writes to them."""

import asyncio
import struct
from pathlib import Path
from typing import BinaryIO, Final

from callwright.adapters.files.names import located
from callwright.domain.file_names import BadFileName, FileType, file_name
from callwright.domain.ids import AccountId
from callwright.media.wav import UnplayableWav, sound_length
from callwright.scheduler.history.calls import RecordedSound

_SIZE: Final = struct.Struct("<I")
_RIFF_SIZE_AT: Final = 4
_UNKNOWN: Final = _SIZE.pack(0xFFFFFFFF)
"""The size of what its writer did not come back to complete."""


class FolderRecordings:
    """Below one folder, which holds a folder for each account."""

    def __init__(self, root: Path) -> None:
        """`root` is that of the media files."""
        self._root = root

    async def recorded(self, account_id: AccountId, name: str) -> RecordedSound | None:
        """Measure a recording; None: there is none here, or none that holds sound.

        One whose writer was killed is completed, so that every player knows its length.
        """
        return await asyncio.to_thread(self._measured, account_id, name)

    def _measured(self, account_id: AccountId, name: str) -> RecordedSound | None:
        try:
            path = located(self._root, account_id, file_name(FileType.MEDIA, name))
            size = path.stat().st_size
            with path.open("r+b") as file:
                duration = sound_length(file, size)
                for at in (_RIFF_SIZE_AT, file.tell() - _SIZE.size):
                    _complete(file, at, size - at - _SIZE.size)
        except (BadFileName, OSError, UnplayableWav, struct.error):
            return None
        return RecordedSound(size, duration) if duration > 0 else None


def _complete(file: BinaryIO, at: int, size_bytes: int) -> None:
    """Write a size that is not there yet."""
    file.seek(at)
    if file.read(_SIZE.size) == _UNKNOWN:
        file.seek(at)
        file.write(_SIZE.pack(size_bytes))
