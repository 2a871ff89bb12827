"""A file gets another name: of the same store, and of the same kind."""

from callwright.domain.file_names import FileName, FileType
from callwright.domain.ids import AccountId
from callwright.files.content import is_sound
from callwright.files.ports import BadFile, FileStore, ReadOnlyStore


def check_writable(file_type: FileType) -> None:
    """Refuse what would change a store that only the platform writes to.

    Raises:
        ReadOnlyStore: it is one.

    """
    if file_type is FileType.REST:
        raise ReadOnlyStore("REST logs are written by the platform alone")


async def rename_file(
    store: FileStore, account_id: AccountId, name: FileName, new_name: FileName
) -> None:
    """Rename; a sound stays a sound and a fax a fax.

    Raises:
        ReadOnlyStore: the store is not written to.
        BadFile: the new name is of another kind of file.
        UnknownFile: there is no such file.
        NameTaken: the new name is in use.

    """
    check_writable(name.file_type)
    if name.file_type is FileType.MEDIA and is_sound(name) != is_sound(new_name):
        raise BadFile(f"{name} cannot be renamed {new_name}: it is another kind of file")
    await store.rename(account_id, name, new_name)
