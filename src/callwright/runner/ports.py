"""What the page runner needs of the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from callwright.domain.call_control import CallControl, Sound
from callwright.domain.errors import RemoteFault
from callwright.domain.ids import AccountId
from callwright.domain.outbound_service import PageAddress, PageCredentials


class PageUnreachable(RemoteFault):
    """No response came: the name, the connection, the TLS handshake or the time ran out."""


class SpeechFault(RemoteFault):
    """A text could not be turned into speech."""


class DownloadFault(RemoteFault):
    """A file could not be downloaded; the text says why and names no credentials."""


class NoRecogniser(RemoteFault):
    """Speech in this language cannot be recognised here; the text quotes the language."""


class TranslationFault(RemoteFault):
    """A text could not be translated; the text says why and does not quote it."""


class CannotCall(RemoteFault):
    """A secondary call cannot be made; the text is the reason."""


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
        asks_again: bool = True,
    ) -> PageResponse:
        """Ask a page: the JSON document as a POST body, or as `instance_info` of a GET.

        With `asks_again` it is asked once more when no byte of a response arrived (A-14).

        Raises:
            PageUnreachable: no response arrived, or no whole one.

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
        """Return the full path of a new file, its folder made.

        Raises:
            MediaNotFound: the name is not allowed.

        """
        ...

    def delete(self, account_id: AccountId, name: str) -> bool:
        """Delete a file; False when there was none.

        Raises:
            MediaNotFound: the name is not allowed.

        """
        ...


class Downloads(Protocol):
    """Media files of the customer's web, kept as long as their cache headers allow (A-56)."""

    async def wav(
        self, account_id: AccountId, url: str, *, credentials: PageCredentials | None
    ) -> str:
        """Return the full path of a wav file that was fetched with GET; at most 5 MB.

        The file stays as it is for at least ten minutes.

        Raises:
            DownloadFault: it could not be had.

        """
        ...


@dataclass(frozen=True, slots=True)
class RecognitionOrder:
    """What is to be recognised."""

    language: str
    """BCP 47."""
    model: str
    phrases: tuple[str, ...] = ()
    """If there are any, only these are looked for: a menu's words."""
    hints: tuple[tuple[str, int], ...] = ()
    """Words and phrases that are likely, each with a hundred times its boost."""
    max_alternatives: int = 1
    wants_interim_results: bool = False
    end_silence: float | None = None
    """Seconds of silence that end a phrase; None: the recogniser decides."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a phrase."""

    text: str
    """Empty where phrases were looked for and something else was said."""
    confidence: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A phrase, or the state of one that is still being said."""

    readings: tuple[Reading, ...]
    """Best first, at least one."""
    is_final: bool
    stability: float = 1.0
    """0 to 1, of interim ones."""


class Recognition(Protocol):
    """One stream of speech on its way to text; runs until it is closed."""

    def feed(self, sound: bytes) -> None:
        """Take the next sound: 16-bit linear, little endian, 8 kHz, mono. Never waits."""
        ...

    def finish(self) -> None:
        """Say that no sound will follow; what was said last is still recognised."""
        ...

    async def next_phrase(self) -> Recognised | None:
        """Wait for the next phrase; None after the last one.

        Raises:
            SpeechFault: the recogniser is gone.

        """
        ...

    def close(self) -> None:
        """Forget everything at once; `next_phrase` then returns None."""
        ...


class Recognisers(Protocol):
    """Speech recognition."""

    async def begin(self, order: RecognitionOrder) -> Recognition:
        """Begin to recognise a stream.

        Raises:
            NoRecogniser: not in this language.
            SpeechFault: no recogniser is free or can be started.

        """
        ...


class Translators(Protocol):
    """Translation of what was said. None is built in: an installation plugs one in."""

    async def translate(self, text: str, *, source: str, target: str) -> str:
        """Say it in another language; `source` is BCP 47, `target` a code such as `fr`.

        Raises:
            TranslationFault: not between these languages, or not now.

        """
        ...


@dataclass(frozen=True, slots=True)
class SecondaryOrder:
    """A call to be made beside the primary one."""

    destination: str
    """As the page wrote it."""
    caller_id: str
    ring_timeout: float
    """Seconds."""
    max_duration: float
    """Seconds from the answer."""
    headers: tuple[tuple[str, str], ...] = ()
    wants_early_media: bool = False


@dataclass(frozen=True, slots=True)
class ParticipantOrder:
    """How one enters a conference (5.7)."""

    is_talker: bool
    starts_on_entry: bool
    destroys_on_exit: bool
    beeps_on_entry: bool
    max_duration: float
    """Seconds."""
    ring_timeout: float = 30.0
    """Seconds; a room answers at once, but a service may take the call in its place."""


class ConferenceCall(CallControl, Protocol):
    """A call to a conference room: what is played on it everybody in the room hears."""

    @property
    def is_started(self) -> bool:
        """Whether the participants hear each other."""
        ...

    async def started_or_stopped(self) -> None:
        """Wait until `is_started` changes; raises `CallIsOver` when the room is gone."""
        ...

    @property
    def is_muted(self) -> bool:
        """Whether the participant's voice was taken, by himself or by others."""
        ...

    def mute(self, *, is_muted: bool) -> None:
        """Let the room hear this participant, or not; a listener stays one."""
        ...

    async def announce(self, sounds: Sequence[Sound]) -> None:
        """Play to everybody in the room, this participant too; waits for the end."""
        ...


class SecondaryCalls(Protocol):
    """Makes the secondary calls of one instance, under the same rules as its first."""

    @property
    def free_channels(self) -> int:
        """How many more there may be at this moment; each has one until it is over."""
        ...

    async def place(self, order: SecondaryOrder) -> CallControl:
        """Call somebody beside the primary call.

        Raises:
            CannotCall: the destination, a limit or a rule forbids it; no extra channel is free.

        """
        ...

    async def enter_conference(self, name: str, participant: ParticipantOrder) -> ConferenceCall:
        """Call a conference room of the account; it exists as long as somebody is in it.

        Raises:
            CannotCall: no extra channel is free, or the room cannot be found out about.

        """
        ...


class RestLogs(Protocol):
    """Where REST logs are kept."""

    def append(self, account_id: AccountId, filename: str, text: str) -> None:
        """Add whole lines to a log, so that they are there when the process dies."""
        ...
