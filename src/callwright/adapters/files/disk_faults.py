"""What the system says of a disk, in the words of those who asked for files."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from callwright.domain.errors import StoreUnavailable
from callwright.files.ports import DiskFull

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The disk is full, our share of it is, or the file is larger than it takes."""


@contextmanager
def disk_faults() -> Iterator[None]:
    """Turn the system's errors into ours; the text has no path."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull("there is no room for the file") from error
        raise StoreUnavailable(f"the disk cannot be used: {error.strerror}") from error
