"""Names of files in an account's stores: the one table of what is allowed.

Whoever takes a file's name from a customer reads it here: the web services, actions of pages, and
the folders in which the files lie.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callwright.domain.errors import RemoteFault

MAX_NAME_LENGTH: Final = 255
"""Characters (assumed)."""

_QUOTED_LENGTH: Final = 80
"""Enough of a wrong name to recognise it."""

_CHARACTERS: Final = re.compile(r"[A-Za-z0-9._/@:\-]*", re.ASCII)
"""The colon is allowed and discouraged."""

_NOWHERE: Final = ("..", "//", "/./")
"""Sequences that no name has anywhere."""

_EXTENSION: Final = re.compile(r"\.[^./]+\Z")


class BadFileName(RemoteFault):
    """A name breaks the rules; the text quotes it and says what was expected."""


class FileType(StrEnum):
    """The stores of an account, as the API names them in `filetype`."""

    MEDIA = "media"
    """Sound and faxes."""
    MSG_MEDIA = "msg_media"
    """Pictures and the like, for messages."""
    REST = "rest"
    """REST logs; read only."""


EXTENSIONS: Final[dict[FileType, tuple[str, ...]]] = {
    FileType.MEDIA: (".wav", ".wave", ".tif", ".tiff"),
    FileType.MSG_MEDIA: (),
}
"""What the names of a store end in, in either case; where the list is empty: in any extension. A
store that is not here asks for none."""

_NOUNS: Final = {
    FileType.MEDIA: "media file name",
    FileType.MSG_MEDIA: "name of message media",
    FileType.REST: "name of a REST log",
}


@dataclass(frozen=True, slots=True)
class FileName:
    """A name that keeps the rules; only `file_name` makes one."""

    file_type: FileType
    text: str

    def __str__(self) -> str:
        """As the API writes it."""
        return self.text

    @property
    def extension(self) -> str:
        """With its dot, in small letters; empty where there is none."""
        found = _EXTENSION.search(self.text)
        return found[0].lower() if found else ""


def file_name(file_type: FileType, text: str) -> FileName:
    """Read a name.

    Raises:
        BadFileName: it is not allowed in that store.

    """
    problem = _problem(text) or _problem_of_end(file_type, text)
    if problem:
        raise BadFileName(f"{_quoted(text)} is no {_NOUNS[file_type]}: {problem}")
    return FileName(file_type, text)


def name_prefix(text: str) -> str:
    """Read the beginning of names, empty for all of them.

    Raises:
        BadFileName: no name begins like that.

    """
    problem = _problem(text) if text else ""
    if problem:
        raise BadFileName(f"{_quoted(text)} begins no file name: {problem}")
    return text


def _problem(text: str) -> str:
    if not 0 < len(text) <= MAX_NAME_LENGTH or not _CHARACTERS.fullmatch(text):
        return f"1 to {MAX_NAME_LENGTH} characters A-Z a-z 0-9 . _ - @ / were expected"
    if any(sequence in text for sequence in _NOWHERE) or text.startswith(("/", "./")):
        return "'..', '//', '/./' and a '/' at the start are not allowed"
    return ""


def _problem_of_end(file_type: FileType, text: str) -> str:
    if text == "." or text.endswith(("/", "/.")):
        return "a '/' or '/.' at the end is not allowed"
    extensions = EXTENSIONS.get(file_type)
    if extensions is None:
        return ""
    if extensions and not text.lower().endswith(extensions):
        return f"one ending in {', '.join(extensions)} was expected"
    return "" if _EXTENSION.search(text) else "one with an extension, such as .png, was expected"


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _QUOTED_LENGTH else text[:_QUOTED_LENGTH] + "...")
