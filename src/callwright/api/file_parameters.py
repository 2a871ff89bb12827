"""What requests say of files, read once."""

from callwright.api.envelope import INSANE, HttpFault
from callwright.api.wire import Parameters, quoted, required, truth
from callwright.domain.file_names import FileName, FileType, file_name
from callwright.files import wire_names as wire
from callwright.files.uploads import UploadOrder


def file_type_of(parameters: Parameters) -> FileType:
    """Return the store that is meant.

    Raises:
        HttpFault: none is named, or one that there is not.

    """
    text = required(parameters, wire.FILE_TYPE)
    try:
        return FileType(text)
    except ValueError:
        known = ", ".join(FileType)
        raise HttpFault(
            400,
            f"Bad Request: {wire.FILE_TYPE} is {quoted(text)}: one of {known} was expected",
            code=INSANE,
        ) from None


def name_of(parameters: Parameters, name: str = wire.NAME) -> FileName:
    """Return the file that is meant.

    Raises:
        HttpFault: none is named.
        BadFileName: the name is not allowed in its store.

    """
    return file_name(file_type_of(parameters), required(parameters, name))


def upload_order_of(parameters: Parameters) -> UploadOrder:
    """Return what a file is to become.

    Raises:
        HttpFault: something is missing or cannot be.
        BadFile: it does not go together.

    """
    return UploadOrder(
        name_of(parameters),
        is_encrypted=truth(parameters, wire.ENCRYPTED) or False,
        content_type=parameters.get(wire.CONTENT_TYPE, ""),
        is_converted=truth(parameters, wire.CONVERT) or False,
    )
