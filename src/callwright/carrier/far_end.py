"""One far end: walks through the steps of its script, driven by what happens and by time.

What happens comes in as verbs with the time, what the far end does comes out as deeds, and
`deadline` says when it wants to be woken. It knows neither SIP nor sound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, assert_never

from callwright.carrier.scripts import (
    Answer,
    HangUp,
    Listen,
    Pause,
    Press,
    Reject,
    Ring,
    Say,
    Step,
    Trying,
)


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
class PressKeys:
    """Send keys; `sound_over` is expected when the last one is up."""

    digits: str


@dataclass(frozen=True, slots=True)
class PutDown:
    """End the call."""


Deed = RingPhone | PickUp | Refuse | Speak | PressKeys | PutDown


class Signal(Enum):
    """What can end a step."""

    TIME = "time"
    CONNECTED = "connected"
    SOUND_OVER = "sound over"


ENDED_BY: Final[dict[type[Step], Signal | None]] = {
    Trying: Signal.TIME,
    Ring: Signal.TIME,
    Answer: Signal.CONNECTED,
    Say: Signal.SOUND_OVER,
    Listen: Signal.TIME,  # its deadline moves with what is heard
    Press: Signal.SOUND_OVER,
    Pause: Signal.TIME,
    # Nothing follows these: the call is over.
    HangUp: None,
    Reject: None,
}

PATIENCE: Final = 20.0
"""Seconds a far end waits for a caller who says nothing, before it goes on."""

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
        self._steps = steps
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
        """The caller has acknowledged our answer."""
        self._signal(Signal.CONNECTED, now)

    def sound_over(self, now: float) -> None:
        """What we said, or the keys we pressed, are over."""
        self._signal(Signal.SOUND_OVER, now)

    def speech_started(self, now: float) -> None:
        """The caller began to make sound."""
        self._hears = True
        self._listen_on(now)

    def speech_ended(self, now: float) -> None:
        """The caller has been silent for half a second."""
        self._hears = False
        self._heard_until = now - SPEECH_END_DELAY
        self._listen_on(now)

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
        self._wake_at = None
        match self._step:
            case None:
                pass  # stay until the caller hangs up
            case Trying(seconds) | Pause(seconds):
                self._wake_at = now + seconds
            case Ring(seconds):
                self._deeds.append(RingPhone())
                self._wake_at = now + seconds
            case Answer():
                self._deeds.append(PickUp())
            case Say(text):
                self._deeds.append(Speak(text))
            case Press(digits):
                self._deeds.append(PressKeys(digits))
            case Listen():
                self._wake_at = now + PATIENCE
                self._listen_on(now)
            case HangUp():
                self.stop()
                self._deeds.append(PutDown())
            case Reject(sip_status):
                self.stop()
                self._deeds.append(Refuse(sip_status))
            case _ as step:
                assert_never(step)

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
