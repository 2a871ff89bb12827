"""The media file store in a folder: one folder an account, names as the API has them."""

from pathlib import Path
from typing import Final

from callwright.adapters.files.names import BadFileName, located
from callwright.domain.ids import AccountId
from callwright.runner.ports import MediaNotFound

EXTENSIONS: Final = (".wav", ".wave", ".tif", ".tiff")
"""A media file has one of these, in either case."""

_QUOTED_LENGTH: Final = 80
"""Enough of a wrong name to recognise it."""


class FileMediaStore:
    """Media files below one folder."""

    def __init__(self, root: Path) -> None:
        """`root` holds a folder for each account, made when first written to."""
        self._root = root

    def path_to_read(self, account_id: AccountId, name: str) -> str:
        """Return the full path of an existing file."""
        path = self._locate(account_id, name)
        if not path.is_file():
            raise MediaNotFound(f"file {name} does not exist in the media file store")
        return str(path)

    def path_to_write(self, account_id: AccountId, name: str) -> str:
        """Return the full path of a new file, its folder made."""
        path = self._locate(account_id, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        return str(path)

    def delete(self, account_id: AccountId, name: str) -> bool:
        """Delete a file; False when there was none."""
        path = self._locate(account_id, name)
        if not path.is_file():
            return False
        path.unlink(missing_ok=True)
        return True

    def _locate(self, account_id: AccountId, name: str) -> Path:
        quoted = repr(name if len(name) <= _QUOTED_LENGTH else name[:_QUOTED_LENGTH] + "...")
        if not name.lower().endswith(EXTENSIONS):
            raise MediaNotFound(
                f"{quoted} is no media file name: one ending in {', '.join(EXTENSIONS)} "
                "was expected"
            )
        try:
            return located(self._root, account_id, name)
        except BadFileName as error:
            raise MediaNotFound(f"{quoted} is no media file name: {error}") from error
