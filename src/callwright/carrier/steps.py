"""What the people and machines of the carrier can do, one step after another."""

from dataclasses import dataclass
from typing import Final, assert_never

from callwright.media.tones import Burst

PATIENCE: Final = 20.0
"""Seconds a far end waits for a caller who says nothing, before it goes on."""

TURN: Final = 1.0
"""Seconds of silence after which it is the other one's turn to speak; pauses between sentences
that are read out are shorter."""


@dataclass(frozen=True, slots=True)
class Trying:
    """Say nothing but 100 for this long: the network is looking for the phone."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring for this long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Pick up, and wait until the caller knows."""


@dataclass(frozen=True, slots=True)
class Greet:
    """Speak this text because the phone rang; who calls himself leaves it out."""

    text: str


@dataclass(frozen=True, slots=True)
class Say:
    """Speak this text."""

    text: str


@dataclass(frozen=True, slots=True)
class Send:
    """Send these tones."""

    name: str
    """What they are, for the journal and the table."""
    bursts: tuple[Burst, ...]


@dataclass(frozen=True, slots=True)
class AwaitSound:
    """Wait until the caller makes sound; one who is making some already is not waited for."""


@dataclass(frozen=True, slots=True)
class AwaitTone:
    """Wait until the caller sends a tone between these frequencies, 180 ms long at least.

    The lowest is above any vowel that somebody holds.
    """

    lowest_hz: float = 600.0
    highest_hz: float = 2500.0


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait until the caller has spoken and then been silent for this long."""

    silence: float = 1.5
    """Longer than the pauses between sentences, shorter than a person's patience."""


@dataclass(frozen=True, slots=True)
class Record:
    """Record the caller until he has been silent for this long."""

    silence: float
    initial_silence: float
    """Seconds after which a caller is given up who has not begun to speak."""
    longest: float
    """Seconds; then the recording ends in the middle of a word."""
    unless_heard: tuple["Step", ...] = ()
    """What is done instead of everything that follows, when nothing was said; nothing, if it makes
    no difference."""


@dataclass(frozen=True, slots=True)
class Press:
    """Press these keys, one after another."""

    digits: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Do nothing for this long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class HangUp:
    """Put the phone down."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse the call with this SIP status."""

    sip_status: int


Step = (
    Trying
    | Ring
    | Answer
    | Greet
    | Say
    | Send
    | AwaitSound
    | AwaitTone
    | Listen
    | Record
    | Press
    | Pause
    | HangUp
    | Reject
)


def texts_of(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Every text that may be spoken in these steps."""
    texts: list[str] = []
    for step in steps:
        match step:
            case Say(text) | Greet(text):
                texts.append(text)
            case Record(unless_heard=instead):
                texts += texts_of(instead)
            case _:
                pass
    return tuple(texts)


def story(steps: tuple[Step, ...]) -> str:
    """Tell the steps as a sentence, for docs/carrier.md."""
    return ", ".join(_told(step) for step in steps)


def _told(step: Step) -> str:
    match step:
        case Trying() | Ring() | Answer() | Pause() | HangUp() | Reject():
            return _told_of_phone(step)
        case Greet(text) | Say(text):
            return f"says “{text}”"
        case Send(name):
            return f"sends {name}"
        case AwaitSound():
            return "waits for a sound"
        case AwaitTone(lowest_hz, highest_hz):
            return f"waits for a tone of {lowest_hz:g} to {highest_hz:g} Hz"
        case Listen(silence):
            return f"listens until {silence:g} s of silence"
        case Record(silence, initial_silence, longest, instead):
            told = f"records until {silence:g} s of silence, {longest:g} s at most"
            told += f" ({initial_silence:g} s if there is nothing but silence"
            return f"{told}: then {story(instead)})" if instead else f"{told})"
        case Press(digits):
            return f"presses {digits}"
        case _:
            assert_never(step)


def _told_of_phone(step: Trying | Ring | Answer | Pause | HangUp | Reject) -> str:
    match step:
        case Trying(seconds):
            return f"100 and nothing for {seconds:g} s"
        case Ring(seconds):
            return f"rings for {seconds:g} s"
        case Answer():
            return "answers"
        case Pause(seconds):
            return f"waits {seconds:g} s"
        case HangUp():
            return "hangs up"
        case Reject(sip_status):
            return f"refuses with {sip_status}"
        case _:
            assert_never(step)
