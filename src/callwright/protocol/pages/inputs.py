"""Actions that take input: keys and speech."""

from dataclasses import dataclass, field
from enum import StrEnum

from callwright.protocol.pages.media import PageLink, Play, SpeechModel


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
class WordHint:
    """Words and phrases that are likely to be said."""

    words: tuple[str, ...]
    priority: int = 0
    """A hundred times the boost."""


@dataclass(frozen=True, slots=True)
class SpeechOptions:
    """How speech is recognised."""

    model: SpeechModel = field(default_factory=SpeechModel)
    model_outbound: SpeechModel = field(default_factory=SpeechModel)
    """For what the far end is told, where that is recognised too."""
    hints: tuple[WordHint, ...] = ()
    max_alternatives: int = 1
    filters_profanity: bool = False


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
    speech: SpeechOptions
    inter_speech_timeout: float
    """Seconds of silence after speech that end it, in mode `TIMEOUT`."""
    takes_digits: bool
    rules: DigitRules
    """Without digits only its times count."""
    prompting: Prompting


@dataclass(frozen=True, slots=True)
class MenuOption:
    """One choice of a menu."""

    next_page: PageLink
    digit: str = ""
    """One key, or none where it can only be said."""
    word: str = ""
    """A word or phrase, or none where it can only be keyed."""


@dataclass(frozen=True, slots=True)
class RunMenu:
    """One key selects an option."""

    options: tuple[MenuOption, ...]
    help_digit: str
    """One key or none."""
    timeout: float
    """Seconds for the key after the prompt."""
    prompting: Prompting


@dataclass(frozen=True, slots=True)
class RunSpeechMenu:
    """A key or a phrase selects an option."""

    options: tuple[MenuOption, ...]
    model: SpeechModel
    help_digit: str
    """One key or none."""
    help_word: str
    """One phrase or none."""
    timeout: float | None
    """Seconds for the answer after the prompt; None: for ever."""
    prompting: Prompting
