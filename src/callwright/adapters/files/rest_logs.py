"""REST logs in a folder: one file an instance, opened for every line that is added.

A line is handed to the system at once, so that it is there when the process dies.
"""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from io import FileIO
from itertools import islice
from pathlib import Path
from typing import Final

import structlog

from callwright.adapters.files.names import located
from callwright.domain.clock import UnixTime
from callwright.domain.file_names import FileType, file_name
from callwright.domain.ids import AccountId

_YEAR: Final = "[0-9]" * 4
_TWO_DIGITS: Final = "[0-9]" * 2

_log = structlog.get_logger()


class FileRestLogs:
    """REST logs below one folder."""

    def __init__(self, root: Path) -> None:
        """`root` holds a folder for each account, made when first written to."""
        self._root = root

    def append(self, account_id: AccountId, filename: str, text: str) -> None:
        """Add whole lines to a log; a full disk costs the lines, never the call."""
        path = located(self._root, account_id, file_name(FileType.REST, filename))
        try:
            with self._opened(path) as file:
                file.write(text.encode())
        except OSError as error:
            _log.warning("rest_log.not_written", account_id=account_id, error=error.strerror)

    async def forget(self, *, started_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` logs of days that ended before; returns how many went."""
        return await asyncio.to_thread(self._forget, started_before, limit)

    def _forget(self, started_before: UnixTime, limit: int) -> int:
        first_kept = datetime.fromtimestamp(started_before, tz=UTC).strftime("%Y/%m/%d")
        old = (
            day
            for day in self._root.glob(f"*/{_YEAR}/{_TWO_DIGITS}/{_TWO_DIGITS}")
            if "/".join(day.parts[-3:]) < first_kept
        )
        gone = 0
        for day in old:
            for log in islice(day.iterdir(), limit - gone):
                log.unlink(missing_ok=True)
                gone += 1
            if gone >= limit:
                break
            # Months stay: one may be about to get its next day.
            with suppress(OSError):
                day.rmdir()
        return gone

    @staticmethod
    def _opened(path: Path) -> FileIO:
        try:
            return path.open("ab", buffering=0)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            return path.open("ab", buffering=0)
