"""What a page can tell us to do, checked: trusted from here on.

Times keep their unit in the name unless they are seconds. Names of files and addresses of pages are
as the page wrote them; the page runner finds what they mean.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page named in an answer; its URL may be relative to that answer's."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Text:
    """A text to say; SSML tags are allowed in it."""

    text: str
    voice: str | None = None
    """None: the service's."""
    is_private: bool = False
    """Whether it stays out of every log."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A wav file of the media file store."""

    name: str
    is_encrypted: bool = False
    """The cipher itself is not kept: this release cannot decrypt."""


@dataclass(frozen=True, slots=True)
class WebFile:
    """A wav file to download."""

    link: PageLink


@dataclass(frozen=True, slots=True)
class Digits:
    """Keys to send as tones: `0-9A-D#*`, and `,` for a pause."""

    digits: str


Media = Text | StoredFile | WebFile | Digits


@dataclass(frozen=True, slots=True)
class Play:
    """Play media to the call, one after the other."""

    play_list: tuple[Media, ...]
    barge_in_on_digit: bool = True
    barge_in_on_speech: bool = False


@dataclass(frozen=True, slots=True)
class DigitRules:
    """Which keys make up an input, and how long each may take."""

    digit_count: int
    """0: any number of keys, ended by the end digit."""
    end_digit: str
    """One key or none."""
    valid_digits: str
    help_digit: str
    """One key or none."""
    timeout: float
    """Seconds for the whole input; 0: take what is there and do not wait."""
    inter_digit_timeout: float | None
    """Seconds between keys; None: no limit."""
    initial_timeout: float | None
    """Seconds until the first key; None: no limit."""


@dataclass(frozen=True, slots=True)
class Prompting:
    """What is said around an input."""

    prompt: Play | None
    timeout_messages: tuple[Play, ...]
    invalid_messages: tuple[Play, ...]


@dataclass(frozen=True, slots=True)
class GetNumber:
    """Collect a number from the keypad."""

    next_page: PageLink
    rules: DigitRules
    prompting: Prompting


class SpeechInputMode(StrEnum):
    """What decides when a caller has finished to speak."""

    TIMEOUT = "timeout"
    DISABLED = "disabled"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class GetInput:
    """Take speech or digits."""

    next_page: PageLink
    speech_input_mode: SpeechInputMode
    takes_digits: bool
    rules: DigitRules
    """Without digits only its times count."""
    prompting: Prompting


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
    is_encrypted: bool
    """The cipher itself is not kept: this release cannot encrypt."""
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
class Unsupported:
    """An action of the published set that this release does not run."""

    name: str


Action = Play | GetNumber | GetInput | Record | Redirect | Sleep | HangUp | Unsupported


def wire_name(action: Action) -> str:
    """Return the name by which pages know an action."""
    if isinstance(action, Unsupported):
        return action.name
    return WIRE_NAMES[type(action)]


WIRE_NAMES: dict[type[Action], str] = {
    Play: "play",
    GetNumber: "get_number",
    GetInput: "get_input",
    Record: "record",
    Redirect: "redirect",
    Sleep: "sleep",
    HangUp: "hang_up",
}


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A whole answer."""

    actions: tuple[Action, ...]
    token: str | None
    """None when the answer has none: the token is then forgotten (A-28)."""
    api_version: str | None
    """None when the answer does not say (A-17)."""
    warnings: tuple[str, ...] = ()
    """What was odd but allowed, for the REST log."""
