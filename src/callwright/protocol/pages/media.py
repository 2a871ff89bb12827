"""What a page wants to be played, and the objects that most actions share."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page named in an answer; its URL may be relative to that answer's."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Cipher:
    """AES in CBC mode; never logged and never stored."""

    key: bytes = field(repr=False)
    """16, 24 or 32 bytes."""
    initialisation_vector: bytes = field(repr=False)
    """16 bytes."""


@dataclass(frozen=True, slots=True)
class SpeechModel:
    """What recognises speech, and in which language."""

    language: str = "en-US"
    """BCP 47."""
    model: str = "default"
    """A name of the original's; any is mapped to a model that is here."""


@dataclass(frozen=True, slots=True)
class BargeInSpeech:
    """Which speech stops a play."""

    model: SpeechModel = SpeechModel()
    phrases: tuple[str, ...] = ()
    """None: any recognised speech."""


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
    cipher: Cipher | None = None
    """Set when the file is stored encrypted."""


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
    barge_in_on_speech: BargeInSpeech | None = None
    """None: speech does not stop it."""
