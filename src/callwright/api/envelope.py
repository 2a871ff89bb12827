"""How a request is refused: the documented error object, the same for every path and reason.

- `HttpFault(RemoteFault)`: this request is answered with an error; carries the whole answer
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from callwright.domain.clock import UnixTime, print_datetime
from callwright.domain.errors import RemoteFault

MISSING: Final = "0001"
"""A mandatory parameter is missing; the text names it."""
INSANE: Final = "0002"
"""A parameter fails a sanity check; the text quotes it."""
REPEATED: Final = "0003"
"""A parameter that may appear once appears several times."""

Headers = tuple[tuple[bytes, bytes], ...]


class HttpFault(RemoteFault):
    """The answer to a request that cannot be served.

    `code` is one of the four-digit codes, or empty: then the error object says `HTTP <status>`.
    """

    def __init__(
        self,
        status: int,
        text: str,
        *,
        code: str = "",
        details: tuple[str, ...] = (),
        headers: Headers = (),
    ) -> None:
        """Keep the parts of the answer."""
        super().__init__(text)
        self.status = status
        self.text = text
        self.code = code
        self.details = details
        self.headers = headers


@dataclass(frozen=True, slots=True)
class DocsLinks:
    """Where error objects link to; `base` is the documentation's URL without a slash at its end."""

    base: str

    def to_code(self, code: str) -> str:
        """Link to a four-digit code."""
        return f"{self.base}/web-services/web-service-errors?error={code}"

    def to_page(self, page: str) -> str:
        """Link to a page on an operation; without one, to all of them."""
        return f"{self.base}/web-services/{page}" if page else f"{self.base}/web-services"


def error_object(
    fault: HttpFault, *, link: str, path: str, received_at: UnixTime, at: UnixTime
) -> bytes:
    """Print the error object; `path` is what was asked for, without host and query."""
    error: dict[str, str | tuple[str, ...]] = {
        "code": fault.code or f"HTTP {fault.status}",
        "text": fault.text,
    }
    if fault.details:
        error["details"] = fault.details
    error["datetime"] = print_datetime(at)
    error["link"] = link
    request = {"url": path, "datetime": print_datetime(received_at)}
    return msgspec.json.encode({"error": error, "request": request})
