"""What the page runner needs of the world."""

from dataclasses import dataclass
from typing import Protocol

from callwright.domain.errors import RemoteFault
from callwright.domain.ids import AccountId
from callwright.domain.outbound_service import PageAddress, PageCredentials


class PageUnreachable(RemoteFault):
    """No response came: the name, the connection, the TLS handshake or the time ran out."""


class SpeechFault(RemoteFault):
    """A text could not be turned into speech."""


class MediaNotFound(RemoteFault):
    """The media file store has no file of that name, or the name is not allowed."""


@dataclass(frozen=True, slots=True)
class PageResponse:
    """What a page answered after redirects were followed."""

    url: str
    """Where the answer came from; the base of relative URLs in it."""
    http_status: int
    body: bytes
    seconds: float


class PageFetcher(Protocol):
    """Asks the customer's web application; one for each instance, with a cookie jar of its own."""

    async def fetch(
        self,
        page: PageAddress,
        *,
        body: bytes,
        credentials: PageCredentials | None,
    ) -> PageResponse:
        """Ask a page: the JSON document as a POST body, or as `instance_info` of a GET.

        Raises:
            PageUnreachable: no byte of a response arrived, also after one more try.

        """
        ...

    async def close(self) -> None:
        """Forget the cookies and let the connections go."""
        ...


@dataclass(frozen=True, slots=True)
class SpokenText:
    """A text as sound."""

    path: str
    """A wav file: mono, 8 kHz."""
    seconds: float
    warning: str = ""
    """Set when another voice had to be taken."""


class Speech(Protocol):
    """Text to speech."""

    async def say(self, text: str, *, voice: str) -> SpokenText:
        """Make a wav file of a text; the same text and voice give the same file again.

        Raises:
            SpeechFault: the text cannot be spoken.

        """
        ...


class MediaStore(Protocol):
    """The media files of accounts. Names are those of the API: `folder/file.wav`."""

    def path_to_read(self, account_id: AccountId, name: str) -> str:
        """Return the full path of an existing file.

        Raises:
            MediaNotFound: there is none, or the name is not allowed; the name is quoted.

        """
        ...

    def path_to_write(self, account_id: AccountId, name: str) -> str:
        """Return the full path of a new file, its folder made."""
        ...


class RestLogs(Protocol):
    """Where REST logs are kept."""

    def append(self, account_id: AccountId, filename: str, text: str) -> None:
        """Add whole lines to a log, so that they are there when the process dies."""
        ...
