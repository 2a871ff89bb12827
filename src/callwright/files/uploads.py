"""An upload: what is said of it, and the steps from a draft to a file that can be used."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Final

from callwright.domain.file_names import FileName, FileType
from callwright.domain.ids import AccountId
from callwright.files.content import check_cipher, check_media, convert, is_sound, needs_conversion
from callwright.files.ports import BadFile, Draft
from callwright.files.renaming import check_writable

MAX_CONTENT_TYPE: Final = 255
"""Characters of a content type (assumed): RFC 6838 4.2 allows 127 for either half."""

_TOKEN: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"  # noqa: S105  RFC 9110 5.6.2, no secret
_CONTENT_TYPE: Final = re.compile(
    rf'{_TOKEN}/{_TOKEN}(?: *; *{_TOKEN}=(?:{_TOKEN}|"[ !#-\[\]-~]*"))*', re.ASCII
)
"""RFC 9110 8.3.1, without escapes in quoted strings."""


@dataclass(frozen=True, slots=True)
class UploadOrder:
    """What a file is to become."""

    name: FileName
    is_encrypted: bool = False
    content_type: str = ""
    """Of message media; what is said of other files is not kept."""
    is_converted: bool = False
    """Whether an unsuitable sample rate is changed instead of refused."""

    def __post_init__(self) -> None:
        """Refuse what does not go together.

        Raises:
            BadFile: the text says why.
            ReadOnlyStore: nothing is written there.

        """
        name = self.name
        check_writable(name.file_type)
        if name.file_type is FileType.MSG_MEDIA and self.is_encrypted:
            raise BadFile("encrypted is true: message media cannot be encrypted")
        if self.is_converted and (name.file_type is not FileType.MEDIA or not is_sound(name)):
            raise BadFile(f"convert is true: only a wav file is converted, and {name} is none")
        if self.is_converted and self.is_encrypted:
            raise BadFile("convert is true: an encrypted file cannot be converted")
        said = self.content_type
        if said and (len(said) > MAX_CONTENT_TYPE or not _CONTENT_TYPE.fullmatch(said)):
            raise BadFile(
                f"contenttype is {said[:MAX_CONTENT_TYPE]!r}: a content type such as image/png "
                "was expected"
            )


async def keep_upload(draft: Draft, account_id: AccountId, order: UploadOrder) -> int:
    """Check a whole draft, convert it if that was ordered, and give it its name.

    Returns its size in bytes.

    Raises:
        BadFile: it is not what it should be; whoever began the draft discards it.
        NameTaken: a folder has its name.
        StoreUnavailable: the disk is full, or fails.

    """
    name = order.name
    if name.file_type is FileType.MEDIA:
        if order.is_encrypted:
            await draft.inspect(partial(check_cipher, name))
        elif order.is_converted and await draft.inspect(partial(needs_conversion, name)):
            await draft.rewrite(convert)
        else:
            await draft.inspect(partial(check_media, name))
    said = order.content_type if name.file_type is FileType.MSG_MEDIA else ""
    return await draft.keep(account_id, name, said)
