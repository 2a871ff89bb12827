"""Names of files in an account's stores, as the API has them, and where they lie in a folder."""

import re
from pathlib import Path
from typing import Final

from callwright.domain.ids import AccountId

MAX_NAME_LENGTH: Final = 255
"""Characters (assumed)."""

_ALLOWED: Final = re.compile(r"[A-Za-z0-9._/@:\-]+", re.ASCII)


class BadFileName(ValueError):
    """A name breaks the rules, or would lead out of the account's folder."""


def located(root: Path, account_id: AccountId, name: str) -> Path:
    """Find where the file of this name lies, whether it exists or not.

    Raises:
        BadFileName: it is not allowed; the text says why, and quotes no more than the name.

    """
    if not _ALLOWED.fullmatch(name) or len(name) > MAX_NAME_LENGTH:
        raise BadFileName(f"1 to {MAX_NAME_LENGTH} characters A-Z a-z 0-9 . _ - @ / were expected")
    if ".." in name or "//" in name or "/./" in name or name.startswith(("/", "./")):
        raise BadFileName("'..', '//', '/./' and a '/' at the start are not allowed")
    if name.endswith("/"):
        raise BadFileName("a '/' at the end is not allowed")
    folder = (root / str(account_id)).resolve()
    path = folder / name
    # Links are followed before the comparison: one that leads elsewhere is nobody's file.
    if not path.resolve().is_relative_to(folder):
        raise BadFileName("it leads out of the store")
    return path
