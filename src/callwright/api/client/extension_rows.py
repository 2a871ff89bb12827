"""Rows of the table of routes: extensions (section 12.2)."""

from typing import Final

from callwright.api.client import extensions, shapes
from callwright.api.client.rows import PAGING, row
from callwright.api.operations import Parameter

EXTENSION: Final = Parameter(
    "extension_id",
    "The extension's id, @ and its number, or @{NAME} of a variable.",
    required=True,
    example="@200",
)
_EXTENSIONS: Final = "/client/{client_id}/extension"
_ONE_EXTENSION: Final = f"{_EXTENSIONS}/{{extension_id}}"

EXTENSION_ROWS: Final = (
    row(
        "create_extension",
        ("POST", _EXTENSIONS),
        extensions.create_extension,
        (
            "Create an extension",
            (
                "On whose behalf callbacks are made. name is its number, with or without the "
                "client's prefix. destination is what calls to this number call, such as "
                "sip:ann@example.com or tel:443069990123; without one it has no telephone."
            ),
        ),
        (201, "Extension"),
        body=shapes.EXTENSION_BODY,
        conflict=True,
    ),
    row(
        "list_extensions",
        ("GET", _EXTENSIONS),
        extensions.list_extensions,
        ("List extensions", "By id."),
        (200, "Extensions"),
        parameters=(*PAGING, Parameter("type", "phone, ivr, queue or fax.")),
    ),
    row(
        "read_extension",
        ("GET", _ONE_EXTENSION),
        extensions.read_one_extension,
        ("Read an extension", "One extension."),
        (200, "Extension"),
        parameters=(EXTENSION,),
    ),
    row(
        "change_extension",
        ("PUT", _ONE_EXTENSION),
        extensions.change_extension,
        ("Change an extension", "Fields left out keep their values."),
        (200, "Extension"),
        parameters=(EXTENSION,),
        body=shapes.EXTENSION_BODY,
        conflict=True,
    ),
    row(
        "delete_extension",
        ("DELETE", _ONE_EXTENSION),
        extensions.delete_extension,
        ("Delete an extension", "Its tasks fail when their time comes."),
        (204, ""),
        parameters=(EXTENSION,),
    ),
)
