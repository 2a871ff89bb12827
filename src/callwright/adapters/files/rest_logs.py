"""REST logs in a folder: one file an instance, opened for every line that is added.

A line is handed to the system at once, so that it is there when the process dies.
"""

from io import FileIO
from pathlib import Path

import structlog

from callwright.adapters.files.names import located
from callwright.domain.ids import AccountId

_log = structlog.get_logger()


class FileRestLogs:
    """REST logs below one folder."""

    def __init__(self, root: Path) -> None:
        """`root` holds a folder for each account, made when first written to."""
        self._root = root

    def append(self, account_id: AccountId, filename: str, text: str) -> None:
        """Add whole lines to a log; a full disk costs the lines, never the call."""
        path = located(self._root, account_id, filename)
        try:
            with self._opened(path) as file:
                file.write(text.encode())
        except OSError as error:
            _log.warning("rest_log.not_written", account_id=account_id, error=error.strerror)

    @staticmethod
    def _opened(path: Path) -> FileIO:
        try:
            return path.open("ab", buffering=0)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            return path.open("ab", buffering=0)
