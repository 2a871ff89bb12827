"""Where the file of a name lies: a folder for each account, names as the API has them."""

from pathlib import Path

from callwright.domain.file_names import BadFileName, FileName
from callwright.domain.ids import AccountId


def located(root: Path, account_id: AccountId, name: FileName) -> Path:
    """Find where the file of this name lies, whether it exists or not.

    Raises:
        BadFileName: a link leads out of the account's folder.

    """
    folder = (root / str(account_id)).resolve()
    path = folder / name.text
    # Links are followed before the comparison: one that leads elsewhere is nobody's file.
    if not path.resolve().is_relative_to(folder):
        raise BadFileName(f"{name.text!r} leads out of the store")
    return path
