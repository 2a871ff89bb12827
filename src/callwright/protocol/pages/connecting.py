"""Actions that join a call to another one, or to a conference."""

from dataclasses import dataclass
from enum import StrEnum

from callwright.protocol.pages.inputs import SpeechOptions
from callwright.protocol.pages.media import Cipher, PageLink, Play


@dataclass(frozen=True, slots=True)
class SipHeader:
    """A header to add to a SIP message; never a standard one (A-66)."""

    name: str
    value: str


class CallRecordingMode(StrEnum):
    """How the two sides of a whole call are recorded."""

    MIXED = "mixed"
    SEPARATE = "separate"


@dataclass(frozen=True, slots=True)
class CallRecording:
    """That a whole call is to be recorded, and how."""

    mode: CallRecordingMode = CallRecordingMode.MIXED
    eliminates_dtmf: bool = True
    is_encrypted: bool = False
    cipher: Cipher | None = None
    """None with `is_encrypted`: the first page has to bring it."""


@dataclass(frozen=True, slots=True)
class SecondaryCall:
    """Pages and options of the call that is made."""

    recording: CallRecording | None = None
    max_duration: float = 240 * 60.0
    """Seconds."""
    first_page: PageLink | None = None
    final_page: PageLink | None = None
    error_page: PageLink | None = None


@dataclass(frozen=True, slots=True)
class ClassifyCallee:
    """What is to be found out about who answers (A-63)."""

    mode: str = "default"
    timeout: float = 5.0
    """Seconds."""
    hangs_up_on_machine: bool = True
    hangs_up_on_fax: bool = True


@dataclass(frozen=True, slots=True)
class Translation:
    """What one side speaks, and what the other is to hear (A-65)."""

    speech: SpeechOptions
    language: str
    """The language to translate into."""
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Translator:
    """Live translation between two calls."""

    primary: Translation
    secondary: Translation
    results_page: PageLink | None = None
    translator_id: str = ""


@dataclass(frozen=True, slots=True)
class Connect:
    """Call somebody, and join the call to them."""

    destinations: tuple[str, ...]
    call_from: str | None = None
    """None: whoever the primary call is with."""
    hold_media: Play | None = None
    """None: a ringing tone."""
    passes_early_media: bool = False
    ring_timeout: float = 30.0
    """Seconds."""
    classify: ClassifyCallee | None = None
    secondary: SecondaryCall = SecondaryCall()
    next_page: PageLink | None = None
    translator: Translator | None = None
    headers: tuple[SipHeader, ...] = ()


@dataclass(frozen=True, slots=True)
class Participant:
    """How one takes part in a conference."""

    is_talker: bool = True
    starts_on_entry: bool = True
    destroys_on_exit: bool = False
    beeps_on_entry: bool = True
    exit_digit: str = ""
    """One key or none; so are the next two."""
    mute_digit: str = ""
    unmute_digit: str = ""
    """The same as `mute_digit`: that key toggles."""
    while_stopped: Play | None = None
    name: Play | None = None
    has_joined: Play | None = None
    has_left: Play | None = None


@dataclass(frozen=True, slots=True)
class ConnectToConference:
    """Join the call to a conference."""

    name: str
    hold_media: Play | None = None
    ring_timeout: float = 30.0
    """Seconds."""
    participant: Participant = Participant()
    secondary: SecondaryCall = SecondaryCall()
    next_page: PageLink | None = None
