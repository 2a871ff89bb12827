"""Actions on the call itself, and those that make another: 4.7 to 4.14 and 5.7 to 5.13."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from .inputs import SpeechRecognitionOptions
from .media import Cipher, Playable, settle_plays
from .node import Action, Node
from .page import Link, Page


@dataclass(frozen=True, slots=True)
class SipHeader(Node):
    """A header to add to a SIP message; never a standard one, and best called `X-...`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondaryCall(Node):
    """Pages and options of the call that is made."""

    call_recording: bool = False
    call_recording_encryption: bool = False
    call_recording_eliminate_dtmf: bool = True
    call_recording_mode: str = "mixed"
    """`mixed` or `separate`."""
    call_recording_cipher: Cipher | None = None
    minutes_max_call_duration: int = 240
    first_page: Page | None = None
    """Asked when it is answered, before the calls are joined."""
    final_page: Page | None = None
    error_page: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyCallee(Node):
    """What is to be found out about who answers."""

    enable: bool = True
    hang_up_on_answering_machine: bool = True
    hang_up_on_fax_machine: bool = True
    mode: str = "default"
    """`default`, `network_connect` or `answer_detect`."""
    milliseconds_timeout: int = 5000


@dataclass(frozen=True, slots=True)
class TranslationOptions(Node):
    """The language to translate into."""

    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTranslation(Node):
    """What one side speaks, and what the other is to hear."""

    translation_options: TranslationOptions
    speech_recognition_options: SpeechRecognitionOptions | None = None
    tts_voice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Translator(Node):
    """Live translation between two calls."""

    primary: CallTranslation
    secondary: CallTranslation
    transcription_results_page: Page | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Connect(Action):
    """Call somebody, and join the call to whoever answers first."""

    wire_name: ClassVar[str] = "connect"

    destinations: Sequence[str]
    _: KW_ONLY
    call_from: str | None = None
    hold_media: Playable | None = None
    """None: a ringing tone."""
    pass_early_media: bool = False
    seconds_answer_timeout: int = 30
    classify_callee: ClassifyCallee | None = None
    secondary_call: SecondaryCall | None = None
    next_page: Page | None = None
    """Asked when the joined calls have parted; where nobody answers the next action runs."""
    translator: Translator | None = None
    extra_sip_headers: Sequence[SipHeader] | None = None

    def _check_together(self) -> None:
        if isinstance(self.destinations, str) or not self.destinations:
            raise ValueError(f"destinations is {self.destinations!r}: a list of addresses")
        has_first_page = self.secondary_call is not None and self.secondary_call.first_page
        if self.pass_early_media and (len(self.destinations) > 1 or has_first_page):
            raise ValueError("pass_early_media wants one destination and no secondary first page")
        settle_plays(self, "hold_media")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceParticipant(Node):
    """How one takes part in a conference."""

    talker: bool = True
    start_on_entry: bool = True
    destroy_on_exit: bool = False
    beep_on_entry: bool = True
    exit_digit: str | None = None
    mute_digit: str | None = None
    unmute_digit: str | None = None
    """None: `mute_digit` toggles."""
    while_stopped_media: Playable | None = None
    name: Playable | None = None
    has_joined_message: Playable | None = None
    has_left_message: Playable | None = None

    def _check_together(self) -> None:
        settle_plays(self, "while_stopped_media", "name", "has_joined_message", "has_left_message")


@dataclass(frozen=True, slots=True)
class ConnectToConference(Action):
    """Join the call to a conference."""

    wire_name: ClassVar[str] = "connect_to_conference"

    name: str
    _: KW_ONLY
    hold_media: Playable | None = None
    seconds_answer_timeout: int = 30
    conference_participant: ConferenceParticipant | None = None
    secondary_call: SecondaryCall | None = None
    next_page: Page | None = None

    def _check_together(self) -> None:
        if not self.name:
            raise ValueError("name is '': the name of a conference was expected")
        settle_plays(self, "hold_media")


@dataclass(frozen=True, slots=True)
class Answer(Action):
    """Answer an inbound call; most actions do it by themselves."""

    wire_name: ClassVar[str] = "answer"

    extra_sip_headers: Sequence[SipHeader] | None = None


@dataclass(frozen=True, slots=True)
class Reject(Action):
    """Refuse an inbound call that was not answered yet."""

    wire_name: ClassVar[str] = "reject"

    cause: str = "rejected"
    raw_cause: str | None = None
    """A SIP status, `486`, that overrides `cause`."""


@dataclass(frozen=True, slots=True)
class HangUp(Action):
    """End the call; what is left of the list is dropped."""

    wire_name: ClassVar[str] = "hang_up"


@dataclass(frozen=True, slots=True)
class Redirect(Action):
    """Ask another page at once."""

    wire_name: ClassVar[str] = "redirect"

    next_page: Page


@dataclass(frozen=True, slots=True)
class Sleep(Action):
    """Wait."""

    wire_name: ClassVar[str] = "sleep"

    seconds: float


@dataclass(frozen=True, slots=True)
class DeleteFile(Action):
    """Delete a file of the media file store; allowed on the final page."""

    wire_name: ClassVar[str] = "delete_file"

    file_to_delete: str


@dataclass(frozen=True, slots=True)
class SendFax(Action):
    """Send a fax: a tif file of the media file store by its name, or anywhere by its `Link`."""

    wire_name: ClassVar[str] = "send_fax"

    fax_to_send: str | Link
    _: KW_ONLY
    next_page: Page | None = None
    progress_page: Page | None = None
    decryption_cipher: Cipher | None = None
    id: str = ""

    def _check_together(self) -> None:
        if not isinstance(self.fax_to_send, Link):
            return
        if self.decryption_cipher is not None:
            raise ValueError("decryption_cipher is for stored files, not for downloaded ones")
        object.__setattr__(self, "fax_to_send", Link(self.fax_to_send.url, "GET"))


@dataclass(frozen=True, slots=True)
class ReceiveFax(Action):
    """Receive a fax into the media file store."""

    wire_name: ClassVar[str] = "receive_fax"

    next_page: Page
    _: KW_ONLY
    id: str = ""
    progress_page: Page | None = None
    encryption_cipher: Cipher | None = None
    fax_available_page: Page | None = None
