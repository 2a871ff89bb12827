"""One far end: walks through the steps of its script, driven by what happens and by time.

What happens comes in as verbs with the time, what the far end does comes out as deeds, and
`deadline` says when it wants to be woken. It knows neither SIP nor sound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, assert_never

from callwright.carrier.steps import (
    PATIENCE,
    Answer,
    AwaitSound,
    AwaitTone,
    Greet,
    HangUp,
    Listen,
    Pause,
    Press,
    Record,
    Reject,
    Ring,
    Say,
    Send,
    Step,
    Trying,
)
from callwright.media.tones import Burst


@dataclass(frozen=True, slots=True)
class RingPhone:
    """Tell the caller that it rings."""


@dataclass(frozen=True, slots=True)
class PickUp:
    """Answer the call."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Refuse the call."""

    sip_status: int


@dataclass(frozen=True, slots=True)
class Speak:
    """Play a text's sound; `sound_over` is expected when it is over."""

    text: str


@dataclass(frozen=True, slots=True)
class SendTones:
    """Play tones; `sound_over` is expected when they are over."""

    name: str
    bursts: tuple[Burst, ...]


@dataclass(frozen=True, slots=True)
class RecordCaller:
    """Record; `recorded` is expected when the recording has ended by itself."""

    silence: float
    initial_silence: float
    longest: float


@dataclass(frozen=True, slots=True)
class PressKeys:
    """Send keys; `sound_over` is expected when the last one is up."""

    digits: str


@dataclass(frozen=True, slots=True)
class PutDown:
    """End the call."""


Deed = RingPhone | PickUp | Refuse | Speak | SendTones | RecordCaller | PressKeys | PutDown


class Signal(Enum):
    """What can end a step."""

    TIME = "time"
    CONNECTED = "connected"
    SOUND_OVER = "sound over"
    SOUND = "sound"
    TONE = "tone"
    RECORDED = "recorded"


ENDED_BY: Final[dict[type[Step], Signal | None]] = {
    Trying: Signal.TIME,
    Ring: Signal.TIME,
    Answer: Signal.CONNECTED,
    Greet: Signal.SOUND_OVER,
    Say: Signal.SOUND_OVER,
    Send: Signal.SOUND_OVER,
    AwaitSound: Signal.SOUND,
    AwaitTone: Signal.TONE,
    Listen: Signal.TIME,  # its deadline moves with what is heard
    Record: Signal.RECORDED,
    Press: Signal.SOUND_OVER,
    Pause: Signal.TIME,
    # Nothing follows these: the call is over.
    HangUp: None,
    Reject: None,
}

LONGEST_SPEECH: Final = 60.0
"""Seconds a far end listens to a caller who does not stop, before it goes on."""

LONGEST_CALL: Final = 3600.0
"""Seconds until a far end puts the phone down: its caller may have died without a word."""

SPEECH_END_DELAY: Final = 0.5
"""Seconds between the end of speech and the report of it (worker.rpc.SpeechEnded)."""


class FarEnd:
    """One phone and who holds it."""

    def __init__(self, steps: Sequence[Step], now: float) -> None:
        """Start with the first step; its deeds are ready to be taken."""
        self._steps = tuple(steps)
        self._at = 0
        self._wake_at: float | None = None
        self._ends_at: float | None = now + LONGEST_CALL
        self._hears = False
        self._heard_until: float | None = None
        self._deeds: list[Deed] = []
        self._begin(now)

    def deeds(self) -> list[Deed]:
        """Take what the far end does now, in order."""
        deeds, self._deeds = self._deeds, []
        return deeds

    def deadline(self) -> float | None:
        """When `handle_timer` wants to be called next, or None for never."""
        return min((at for at in (self._wake_at, self._ends_at) if at is not None), default=None)

    def handle_timer(self, now: float) -> None:
        """Go on where time was waited for."""
        if self._ends_at is not None and now >= self._ends_at:
            self.stop()
            self._deeds.append(PutDown())
        elif self._wake_at is not None and now >= self._wake_at:
            self._signal(Signal.TIME, now)

    def connected(self, now: float) -> None:
        """The caller has acknowledged our answer, or the one we call has answered."""
        self._heard_until = None  # what sounded before was the network's
        self._signal(Signal.CONNECTED, now)

    def sound_over(self, now: float) -> None:
        """What we said or sent, or the keys we pressed, are over."""
        self._signal(Signal.SOUND_OVER, now)

    def speech_started(self, now: float) -> None:
        """The caller began to make sound."""
        self._hears = True
        self._listen_on(now)
        self._signal(Signal.SOUND, now)

    def speech_ended(self, now: float) -> None:
        """The caller has been silent for half a second."""
        self._hears = False
        self._heard_until = now - SPEECH_END_DELAY
        self._listen_on(now)

    def tone_heard(self, frequency_hz: float, now: float) -> None:
        """The caller sends a tone."""
        step = self._step
        if isinstance(step, AwaitTone) and step.lowest_hz <= frequency_hz <= step.highest_hz:
            self._signal(Signal.TONE, now)

    def recorded(self, now: float, *, contains_sound: bool) -> None:
        """Our recording has come to its end."""
        step = self._step
        if isinstance(step, Record) and step.unless_heard and not contains_sound:
            self._steps, self._at = step.unless_heard, 0
            self._begin(now)
        else:
            self._signal(Signal.RECORDED, now)

    def stop(self) -> None:
        """The call is over: do nothing more."""
        self._at = len(self._steps)
        self._wake_at = self._ends_at = None

    @property
    def _step(self) -> Step | None:
        return self._steps[self._at] if self._at < len(self._steps) else None

    def _signal(self, signal: Signal, now: float) -> None:
        """Go on if this is what the step waits for; anything else is too late or too early."""
        step = self._step
        if step is not None and ENDED_BY[type(step)] is signal:
            self._next_step(now)

    def _next_step(self, now: float) -> None:
        if isinstance(self._step, Listen):
            self._heard_until = None  # answered; the next thing to hear is yet to be said
        self._at += 1
        self._begin(now)

    def _begin(self, now: float) -> None:
        step = self._step
        self._wake_at = None
        match step:
            case None:
                pass  # stay until the caller hangs up
            case Trying(seconds) | Pause(seconds):
                self._wake_at = now + seconds
            case Ring(seconds):
                self._deeds.append(RingPhone())
                self._wake_at = now + seconds
            case AwaitSound():
                if self._hears:
                    self._signal(Signal.SOUND, now)
            case AwaitTone():
                pass
            case Listen():
                self._wake_at = now + PATIENCE
                self._listen_on(now)
            case HangUp() | Reject():
                self.stop()
                self._deeds.append(_deed(step))
            case _:
                self._deeds.append(_deed(step))

    def _listen_on(self, now: float) -> None:
        """Set the end of listening anew.

        What was said while we spoke ourselves counts: people hear while they speak.
        """
        step = self._step
        if not isinstance(step, Listen):
            return
        if self._hears:
            self._wake_at = now + LONGEST_SPEECH
        elif self._heard_until is not None:
            self._wake_at = max(now, self._heard_until + step.silence)


def _deed(step: Answer | Greet | Say | Send | Record | Press | HangUp | Reject) -> Deed:
    """What is done as such a step begins."""
    match step:
        case Answer():
            return PickUp()
        case Greet(text) | Say(text):
            return Speak(text)
        case Send(name, bursts):
            return SendTones(name, bursts)
        case Record(silence, initial_silence, longest):
            return RecordCaller(silence, initial_silence, longest)
        case Press(digits):
            return PressKeys(digits)
        case HangUp():
            return PutDown()
        case Reject(sip_status):
            return Refuse(sip_status)
        case _:
            assert_never(step)
