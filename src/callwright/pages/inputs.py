"""Actions that take keys and speech: sections 4.2 to 4.6, 4.12 and 5.4 of the page protocol."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from .media import Cipher, Playable, SpeechModelOptions, settle_plays
from .node import Action, Node
from .page import Page


@dataclass(frozen=True, slots=True)
class WordHint(Node):
    """Words and phrases that are likely to be said."""

    words: Sequence[str]
    priority: int = 0
    """A hundred times the boost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechRecognitionOptions(Node):
    """How speech is recognised."""

    language: str = "en-US"
    """BCP 47."""
    language_outbound: str | None = None
    """None: as `language`."""
    word_hints: Sequence[WordHint] | None = None
    max_alternatives: int = 1
    enable_profanity_filtering: bool = False
    speech_model_options: SpeechModelOptions | None = None
    speech_model_options_outbound: SpeechModelOptions | None = None


def _check_digits(digit_count: int, end_digit: str) -> None:
    if not digit_count and not end_digit:
        raise ValueError("digit_count is 0: with end_digit '' a number from 1 to 32 was expected")


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitInputOptions(Node):
    """Which keys make up an input."""

    digit_count: int = 0
    """0: any number, ended by `end_digit`."""
    end_digit: str = "#"
    valid_digits: str = "0123456789"

    def _check_together(self) -> None:
        _check_digits(self.digit_count, self.end_digit)


@dataclass(frozen=True, slots=True)
class GetNumber(Action):
    """Collect a number from the keypad; where none comes the next action runs."""

    wire_name: ClassVar[str] = "get_number"

    next_page: Page
    _: KW_ONLY
    prompt: Playable | None = None
    digit_count: int = 0
    """0: any number, ended by `end_digit`."""
    end_digit: str = "#"
    valid_digits: str = "0123456789"
    help_digit: str = "*"
    """Repeats the prompt."""
    seconds_timeout: int = 30
    """For the whole input; 0 takes what is there and does not wait."""
    milliseconds_inter_digit_timeout: int = 5000
    milliseconds_initial_timeout: int | None = None
    """Until the first key; None: as between keys."""
    on_input_timeout_messages: Sequence[Playable] | None = None
    """One is said each time nothing comes, then the action ends; None: the platform's two."""
    on_invalid_input_messages: Sequence[Playable] | None = None

    def _check_together(self) -> None:
        _check_digits(self.digit_count, self.end_digit)
        settle_plays(self, "prompt", "on_input_timeout_messages", "on_invalid_input_messages")


@dataclass(frozen=True, slots=True)
class GetInput(Action):
    """Take speech or digits; where neither comes the next action runs."""

    wire_name: ClassVar[str] = "get_input"

    next_page: Page
    _: KW_ONLY
    prompt: Playable | None = None
    speech_input_mode: str = "timeout"
    """`timeout`, `auto` or `disabled`."""
    speech_recognition_options: SpeechRecognitionOptions | None = None
    digit_input_enabled: bool = True
    digit_input_options: DigitInputOptions | None = None
    help_digit: str = "*"
    seconds_timeout: int = 30
    milliseconds_inter_speech_timeout: int = 2000
    """Silence that ends the speech, in mode `timeout`."""
    milliseconds_inter_digit_timeout: int = 5000
    milliseconds_initial_timeout: int | None = None
    on_input_timeout_messages: Sequence[Playable] | None = None
    on_invalid_input_messages: Sequence[Playable] | None = None

    def _check_together(self) -> None:
        if self.speech_input_mode == "disabled" and not self.digit_input_enabled:
            raise ValueError("get_input takes no input: neither speech nor digits are enabled")
        settle_plays(self, "prompt", "on_input_timeout_messages", "on_invalid_input_messages")


@dataclass(frozen=True, slots=True)
class MenuOption(Node):
    """A key, and the page that it leads to."""

    digit: str
    next_page: Page

    def _check_together(self) -> None:
        if not self.digit:
            raise ValueError("digit is '': one key was expected")


@dataclass(frozen=True, slots=True)
class RunMenu(Action):
    """One key selects an option; where none does the next action runs."""

    wire_name: ClassVar[str] = "run_menu"

    menu_options: Sequence[MenuOption]
    _: KW_ONLY
    prompt: Playable | None = None
    help_digit: str = "*"
    """Repeats the prompt, unless it is an option."""
    seconds_digit_timeout: int = 5
    on_digit_timeout_messages: Sequence[Playable] | None = None
    on_invalid_digit_messages: Sequence[Playable] | None = None

    def _check_together(self) -> None:
        _check_options(self.menu_options)
        settle_plays(self, "prompt", "on_digit_timeout_messages", "on_invalid_digit_messages")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechMenuOption(Node):
    """A word or phrase, a key, or both, and the page that they lead to."""

    word: str = ""
    digit: str = ""
    next_page: Page

    def _check_together(self) -> None:
        if not self.digit and not self.word.strip():
            raise ValueError("a menu option has neither word nor digit: one was expected")


@dataclass(frozen=True, slots=True)
class RunSpeechMenu(Action):
    """A phrase or a key selects an option; where none does the next action runs."""

    wire_name: ClassVar[str] = "run_speech_menu"

    menu_options: Sequence[SpeechMenuOption]
    _: KW_ONLY
    prompt: Playable | None = None
    language: str = "en-US"
    speech_model_options: SpeechModelOptions | None = None
    help_digit: str = "*"
    help_word: str = "help"
    seconds_timeout: int = 5
    """0 or negative: for ever."""
    on_input_timeout_messages: Sequence[Playable] | None = None
    on_invalid_input_messages: Sequence[Playable] | None = None

    def _check_together(self) -> None:
        _check_options(self.menu_options)
        settle_plays(self, "prompt", "on_input_timeout_messages", "on_invalid_input_messages")


@dataclass(frozen=True, slots=True)
class Record(Action):
    """Record what the far end says, into the media file store."""

    wire_name: ClassVar[str] = "record"

    next_page: Page
    _: KW_ONLY
    id: str = ""
    barge_in_digits: str = "#"
    """Any of these ends the recording."""
    seconds_max_duration: int = 60
    milliseconds_max_silence: int = 3000
    milliseconds_max_initial_silence: int = 0
    """0: as `milliseconds_max_silence`."""
    format: str | None = None
    """`alaw` or `ulaw`; None: the call's own."""
    encryption_cipher: Cipher | None = None
    beep_on_start: bool = False
    recording_available_page: Page | None = None


@dataclass(frozen=True, slots=True)
class StartTranscription(Action):
    """Tell a page what is said on the call, from now on."""

    wire_name: ClassVar[str] = "start_transcription"

    results_page: Page
    _: KW_ONLY
    transcription_mode: str = "separate"
    """`separate`, `mixed`, `inbound` or `outbound`."""
    id: str = ""
    speech_recognition_options: SpeechRecognitionOptions | None = None
    enable_interim_results: bool = False


@dataclass(frozen=True, slots=True)
class StopTranscription(Action):
    """End that."""

    wire_name: ClassVar[str] = "stop_transcription"


def _check_options(options: Sequence[MenuOption] | Sequence[SpeechMenuOption]) -> None:
    if not options:
        raise ValueError("menu_options is empty: an option was expected")
    for name in ("digit", "word"):
        given = [str(getattr(one, name, "")).casefold() for one in options]
        twice = sorted({one for one in given if one and given.count(one) > 1})
        if twice:
            raise ValueError(f"menu_options: {twice[0]!r} is the {name} of more than one option")
