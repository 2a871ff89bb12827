"""When an answering machine is ready to record: after its beep, or when it has long been silent.

Goes on where classification has ended, with what it knows of the line.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Final

from callwright.media.beep import BeepDetector, Tone, ToneState
from callwright.media.far_end import FarEndClassifier
from callwright.media.far_end_features import FrameFeatures
from callwright.media.far_end_sound import Heard, Loudness
from callwright.media.far_end_tones import is_beep
from callwright.media.far_end_verdict import SegmentKind, Verdict
from callwright.media.frames import TICK

SILENCE_AFTER_BEEP: Final = 1.0
SILENCE: Final = 4.0
MAX_WAIT: Final = 10.0
"""Seconds: the API's own (web services: waiting for the machine to be ready to record)."""

SOUND_FRAMES: Final = 4
SOUND_WINDOW: Final = 6
"""Somebody speaks when 4 frames of 6 are sound: a click doesn't begin the wait anew."""


class GreetingState(Enum):
    """What the machine does."""

    SPEAKING = auto()
    SILENT = auto()
    BEEPED = auto()
    """It has beeped, and been silent since."""
    READY = auto()


class GreetingEvent(Enum):
    """What makes a difference."""

    BEEPED = auto()
    SPOKE = auto()
    FELL_SILENT = auto()
    WAITED = auto()
    """It has been silent for long enough; after a beep, that is sooner."""
    TIME_UP = auto()


TRANSITIONS: Final[Mapping[GreetingState, Mapping[GreetingEvent, GreetingState]]] = {
    GreetingState.SPEAKING: {
        GreetingEvent.BEEPED: GreetingState.BEEPED,
        GreetingEvent.FELL_SILENT: GreetingState.SILENT,
        GreetingEvent.TIME_UP: GreetingState.READY,
    },
    GreetingState.SILENT: {
        GreetingEvent.BEEPED: GreetingState.BEEPED,
        GreetingEvent.SPOKE: GreetingState.SPEAKING,
        GreetingEvent.WAITED: GreetingState.READY,
        GreetingEvent.TIME_UP: GreetingState.READY,
    },
    GreetingState.BEEPED: {
        GreetingEvent.BEEPED: GreetingState.BEEPED,
        GreetingEvent.SPOKE: GreetingState.SPEAKING,
        GreetingEvent.WAITED: GreetingState.READY,
        GreetingEvent.TIME_UP: GreetingState.READY,
    },
    GreetingState.READY: {},
}
"""Of several events in one frame, the first in a state's row counts."""


class ReadyReason(StrEnum):
    """Why we begin."""

    BEEP = "beep"
    SILENCE = "silence"
    TIME_UP = "time_up"


@dataclass(frozen=True, slots=True)
class Ready:
    """The machine records now, as far as we can tell."""

    reason: ReadyReason
    waited: float
    """Seconds since the verdict."""


class GreetingEnd:
    """Listens to a machine until it is ready."""

    def __init__(
        self, now: float, loudness: Loudness, beeps: BeepDetector, *, has_beeped: bool
    ) -> None:
        """Begin in the middle of a greeting, or right after a beep."""
        self.state = GreetingState.BEEPED if has_beeped else GreetingState.SPEAKING
        self._loudness = loudness
        self._beeps = beeps
        self._began_at = self._silent_from = self._now = now
        self._tone: Tone | None = None
        self._sounds: deque[bool] = deque([not has_beeped] * SOUND_WINDOW, SOUND_WINDOW)
        self._ready: Ready | None = None

    def take(self, features: FrameFeatures, now: float) -> Ready | None:
        """Hear the frame that ends `now`; once the machine is ready, it stays so."""
        if self._ready is not None:
            return self._ready
        self._now = now
        self._listen(features)
        was = self.state
        event = next((event for event in TRANSITIONS[was] if _RULES[event](self)), None)
        if event is None:
            return None
        self.state = TRANSITIONS[was][event]
        if event is GreetingEvent.BEEPED:
            self._silent_from = now
        elif self.state is GreetingState.READY:
            self._ready = Ready(_reason(was, event), round(now - self._began_at, 3))
        return self._ready

    def _listen(self, features: FrameFeatures) -> None:
        heard = self._loudness.take(features.level_dbm0)
        self._tone = self._beeps.take(features)
        is_tone = self._beeps.state is ToneState.SOUNDING
        self._sounds.append(heard in _SOUNDS and not is_tone)
        if is_tone or (self._sounds[-1] and self.state is GreetingState.SPEAKING):
            self._silent_from = self._now

    def beeped(self) -> bool:
        """Whether a beep is over."""
        tone, loudest = self._tone, self._loudness.loudest_dbm0
        return tone is not None and is_beep(tone, loudest, is_first=False)

    def spoke(self) -> bool:
        """Whether the greeting goes on."""
        return sum(self._sounds) >= SOUND_FRAMES

    def fell_silent(self) -> bool:
        """Whether nothing is heard of it."""
        return not any(self._sounds)

    def waited(self) -> bool:
        """Whether it has been silent for long enough."""
        enough = SILENCE_AFTER_BEEP if self.state is GreetingState.BEEPED else SILENCE
        return self._now - self._silent_from >= enough - _MOMENT

    def time_up(self) -> bool:
        """Whether it would take too long."""
        return self._now - self._began_at >= MAX_WAIT - _MOMENT


def greeting_end(classifier: FarEndClassifier, verdict: Verdict, now: float) -> GreetingEnd:
    """Go on listening where a classifier has found a machine; its own beep counts."""
    has_beeped = bool(verdict.timeline) and verdict.timeline[-1].kind is SegmentKind.TONE
    return GreetingEnd(now, classifier.loudness, classifier.beeps, has_beeped=has_beeped)


def _reason(was: GreetingState, event: GreetingEvent) -> ReadyReason:
    if event is GreetingEvent.TIME_UP:
        return ReadyReason.TIME_UP
    return ReadyReason.BEEP if was is GreetingState.BEEPED else ReadyReason.SILENCE


_RULES: Final[Mapping[GreetingEvent, Callable[[GreetingEnd], bool]]] = {
    GreetingEvent.BEEPED: GreetingEnd.beeped,
    GreetingEvent.SPOKE: GreetingEnd.spoke,
    GreetingEvent.FELL_SILENT: GreetingEnd.fell_silent,
    GreetingEvent.WAITED: GreetingEnd.waited,
    GreetingEvent.TIME_UP: GreetingEnd.time_up,
}
"""Whether an event has come about."""

_SOUNDS: Final = frozenset({Heard.SOUND, Heard.RISING})
_MOMENT: Final = TICK / 4
"""Ticks come a little early or late; and sums of them are not exact."""
