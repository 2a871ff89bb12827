"""Recordings in the media files of accounts, as they lie on the disk when nobody writes to them."""

import asyncio
from pathlib import Path

from callwright.adapters.files.names import located
from callwright.domain.file_names import BadFileName, FileType, file_name
from callwright.domain.ids import AccountId
from callwright.media.wav import UnplayableWav, sound_length
from callwright.scheduler.calls import RecordedSound


class FolderRecordings:
    """Below one folder, which holds a folder for each account."""

    def __init__(self, root: Path) -> None:
        """`root` is that of the media files."""
        self._root = root

    async def recorded(self, account_id: AccountId, name: str) -> RecordedSound | None:
        """Measure a recording; None: there is none here, or none that holds sound."""
        return await asyncio.to_thread(self._measured, account_id, name)

    def _measured(self, account_id: AccountId, name: str) -> RecordedSound | None:
        try:
            path = located(self._root, account_id, file_name(FileType.MEDIA, name))
            size = path.stat().st_size
            with path.open("rb") as file:
                duration = sound_length(file, size)
        except (BadFileName, OSError, UnplayableWav):
            return None
        return RecordedSound(size, duration) if duration > 0 else None
