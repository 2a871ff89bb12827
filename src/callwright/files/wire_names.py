"""Names of parameters and members in the file services, once.

Published are `filetype`, `filename`, `encrypted` and that there is a content type; the rest is
assumed, so that it can be changed here.
"""

from typing import Final

FILE_TYPE: Final = "filetype"
NAME: Final = "filename"
NEW_NAME: Final = "new_filename"
PREFIX: Final = "prefix"
ENCRYPTED: Final = "encrypted"
CONTENT_TYPE: Final = "contenttype"
CONVERT: Final = "convert"
CONTENT: Final = "file"
"""The part of the multipart form that is the file."""

SIZE: Final = "size"
CREATED: Final = "created_date"
DELETED: Final = "success"
UNKNOWN: Final = "unknown"
