"""The media file store in a folder: one folder an account, names as the API has them."""

from pathlib import Path

from callwright.adapters.files.names import located
from callwright.domain.file_names import BadFileName, FileType, file_name
from callwright.domain.ids import AccountId
from callwright.runner.ports import MediaNotFound


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
        try:
            return located(self._root, account_id, file_name(FileType.MEDIA, name))
        except BadFileName as error:
            raise MediaNotFound(str(error)) from error
