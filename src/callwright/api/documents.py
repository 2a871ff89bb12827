"""The documents that describe this interface, made once from the table of routes."""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from callwright.api.docs_page import render_docs
from callwright.api.doors import Doors, WebSettings
from callwright.api.exchange import Answer, Exchange
from callwright.api.openapi import openapi_document
from callwright.api.operations import JsonSchema, Operation

_HTML: Final = b"text/html; charset=utf-8"
_NOTHING_FETCHED: Final = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'unsafe-inline'",
)


class Documents:
    """Two operations that print the table they stand in, so it is asked for when needed."""

    def __init__(self, operations: Callable[[], Sequence[Operation]]) -> None:
        """Print these operations."""
        self._operations = operations
        self._printed: dict[WebSettings, tuple[bytes, bytes]] = {}

    async def openapi_json(self, doors: Doors, _: Exchange) -> Answer:
        """Print the OpenAPI document."""
        return Answer(self._print(doors.settings)[0])

    async def docs_page(self, doors: Doors, _: Exchange) -> Answer:
        """Print the page for people."""
        page = self._print(doors.settings)[1]
        return Answer(page, content_type=_HTML, headers=(_NOTHING_FETCHED,))

    def _print(self, settings: WebSettings) -> tuple[bytes, bytes]:
        printed = self._printed.get(settings)
        if printed is None:
            document: JsonSchema = openapi_document(
                self._operations(), server_url=settings.public_url, version=settings.version
            )
            printed = msgspec.json.encode(document), render_docs(document).encode()
            self._printed[settings] = printed
        return printed
