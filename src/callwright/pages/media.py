"""What can be played: sections 4.1, 5.2 to 5.5 and 5.10 of the page protocol."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from .checks import KEYS, bad_value
from .node import Action, Node
from .page import Link


@dataclass(frozen=True, slots=True)
class Cipher(Node):
    """AES in CBC mode, as openssl has it: key and vector in hexadecimal."""

    key: str = field(repr=False)
    """128, 192 or 256 bits."""
    initialisation_vector: str = field(repr=False)
    """128 bits."""
    type: str = field(default_factory=lambda: "aescbc")


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A text to say; SSML tags are allowed in it."""

    text_to_say: str
    tts_voice: str | None = None
    """None: the service's."""
    text_is_private: bool = False
    """Whether it stays out of the logs."""


@dataclass(frozen=True, slots=True)
class File(Node):
    """A wav file: of the media file store by its name, or anywhere by its `Link`."""

    file_to_play: str | Link
    decryption_cipher: Cipher | None = None

    def _check_together(self) -> None:
        if not isinstance(self.file_to_play, Link):
            return
        if self.decryption_cipher is not None:
            raise ValueError("decryption_cipher is for stored files, not for downloaded ones")
        # The one place where a page is asked with GET unless it says otherwise (5.1).
        object.__setattr__(self, "file_to_play", Link(self.file_to_play.url, "GET"))


@dataclass(frozen=True, slots=True)
class Digits(Node):
    """Keys to send as tones; a comma is a pause of half a second."""

    digits_to_play: str

    def _check_together(self) -> None:
        if not self.digits_to_play or not (KEYS | {","}).issuperset(self.digits_to_play):
            raise bad_value("digits_to_play", self.digits_to_play, "a string of keys and commas")


Media: TypeAlias = Text | File | Digits
Sounds: TypeAlias = str | Media | Sequence[str | Media]
"""One thing to play or several; a string is a text to say."""


@dataclass(frozen=True, slots=True)
class SpeechModelOptions(Node):
    """What recognises speech; the platform has a default for each language."""

    model: str | None = None


@dataclass(frozen=True, slots=True)
class SpeechBargeInOptions(Node):
    """Which speech stops a play."""

    language: str = "en-US"
    barge_in_phrases: Sequence[str] | None = None
    """None: any recognised speech."""
    speech_model_options: SpeechModelOptions | None = None


@dataclass(frozen=True, slots=True)
class Play(Action):
    """Play media to the call, one after the other."""

    wire_name: ClassVar[str] = "play"

    play_list: Sounds
    """Kept as a tuple of media, whatever it was given as."""
    barge_in_on_digit: bool | None = None
    """None: as the place has it. Plays and prompts stop at a key, messages do not."""
    barge_in_on_speech: bool = False
    barge_in_on_speech_options: SpeechBargeInOptions | None = None

    def _check_together(self) -> None:
        object.__setattr__(self, "play_list", media_of(self.play_list))

    @property
    def media(self) -> tuple[Media, ...]:
        """What is played."""
        return media_of(self.play_list)


Playable: TypeAlias = Sounds | Play
"""Whatever can stand where an action plays something by the way."""


def media_of(sounds: Sounds) -> tuple[Media, ...]:
    """Make media of whatever was given."""
    listed = (sounds,) if isinstance(sounds, str | Text | File | Digits) else tuple(sounds)
    return tuple(Text(one) if isinstance(one, str) else one for one in listed)


def play_of(sounds: Playable) -> Play:
    """Make a play of whatever was given."""
    return sounds if isinstance(sounds, Play) else Play(sounds)


def settle_plays(node: Node, *names: str) -> None:
    """Make plays of these properties, or of each of their members, as `Play` prints itself."""
    for name in names:
        value = getattr(node, name)
        if value is None:
            continue
        several = name.endswith("_messages")
        plays = tuple(play_of(one) for one in value) if several else play_of(value)
        object.__setattr__(node, name, plays)
