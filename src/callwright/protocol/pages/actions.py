"""What a page can tell us to do, checked: trusted from here on.

Times keep their unit in the name unless they are seconds. Names of files and addresses of pages are
as the page wrote them; the page runner finds what they mean.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from callwright.protocol.pages.connecting import Connect, ConnectToConference, SipHeader
from callwright.protocol.pages.inputs import (
    GetInput,
    GetNumber,
    RunMenu,
    RunSpeechMenu,
    SpeechOptions,
)
from callwright.protocol.pages.media import Cipher, PageLink, Play


@dataclass(frozen=True, slots=True)
class Record:
    """Record what the far end says."""

    next_page: PageLink
    recording_id: str
    barge_in_digits: str
    max_duration: float
    max_silence: float
    max_initial_silence: float
    encoding: str | None
    """`alaw`, `ulaw`, or None for the call's own."""
    beep_on_start: bool
    cipher: Cipher | None
    """None: the file is stored in clear."""
    recording_available_page: PageLink | None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Ask another page at once."""

    next_page: PageLink


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait."""

    seconds: float


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call; what is left of the list is dropped."""


@dataclass(frozen=True, slots=True)
class AnswerCall:
    """Answer an inbound call; on the wire `answer`."""

    headers: tuple[SipHeader, ...] = ()


class RejectCause(StrEnum):
    """Why an inbound call is refused."""

    BUSY = "busy"
    NO_ANSWER = "noanswer"
    UNOBTAINABLE = "unobtainable"
    CHANGED = "changed"
    OUT_OF_ORDER = "outoforder"
    BARRED = "barred"
    REJECTED = "rejected"
    NO_CHANNELS = "nochannels"
    CONGESTION = "congestion"


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse an inbound call."""

    cause: RejectCause = RejectCause.REJECTED
    raw_cause: int | None = None
    """A SIP status, 300 to 699, that overrides `cause`."""


@dataclass(frozen=True, slots=True)
class DeleteFile:
    """Delete a file of the media file store."""

    name: str


class TranscriptionMode(StrEnum):
    """Which sides of a call are transcribed."""

    SEPARATE = "separate"
    MIXED = "mixed"
    INBOUND = "inbound"
    OUTBOUND = "outbound"


@dataclass(frozen=True, slots=True)
class StartTranscription:
    """Tell a page what is said on the call, from now on."""

    results_page: PageLink
    mode: TranscriptionMode = TranscriptionMode.SEPARATE
    transcription_id: str = ""
    speech: SpeechOptions = field(default_factory=SpeechOptions)
    wants_interim_results: bool = False


@dataclass(frozen=True, slots=True)
class StopTranscription:
    """End that."""


@dataclass(frozen=True, slots=True)
class SendFax:
    """Send a fax; checked, but not run before fax is enabled."""

    next_page: PageLink | None


@dataclass(frozen=True, slots=True)
class ReceiveFax:
    """Receive a fax; checked, but not run before fax is enabled."""

    next_page: PageLink | None


Action = (
    Play
    | GetNumber
    | GetInput
    | RunMenu
    | RunSpeechMenu
    | Record
    | Connect
    | ConnectToConference
    | AnswerCall
    | Reject
    | HangUp
    | Redirect
    | Sleep
    | DeleteFile
    | StartTranscription
    | StopTranscription
    | SendFax
    | ReceiveFax
)

WIRE_NAMES: Final[dict[type[Action], str]] = {
    Play: "play",
    GetNumber: "get_number",
    GetInput: "get_input",
    RunMenu: "run_menu",
    RunSpeechMenu: "run_speech_menu",
    Record: "record",
    Connect: "connect",
    ConnectToConference: "connect_to_conference",
    AnswerCall: "answer",
    Reject: "reject",
    HangUp: "hang_up",
    Redirect: "redirect",
    Sleep: "sleep",
    DeleteFile: "delete_file",
    StartTranscription: "start_transcription",
    StopTranscription: "stop_transcription",
    SendFax: "send_fax",
    ReceiveFax: "receive_fax",
}


def wire_name(action: Action) -> str:
    """Return the name by which pages know an action."""
    return WIRE_NAMES[type(action)]


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A whole answer."""

    actions: tuple[Action, ...]
    token: str | None
    """None when the answer has none: the token is then forgotten (A-28)."""
    api_version: str | None
    """None when the answer does not say (A-17)."""
    call_recording_cipher: Cipher | None = None
    warnings: tuple[str, ...] = ()
    """What was odd but allowed, for the REST log."""
