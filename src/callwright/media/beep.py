"""A tone of one frequency, followed through one leg's frames: an answering machine's beep, a fax.

```text
NONE --HIT--> BEGINNING --LASTED--> SOUNDING --LOST--> NONE
                  '-------LOST----------------------------^
```
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final, NamedTuple

from callwright.media.far_end_features import FrameFeatures
from callwright.media.frames import TICK

LOWEST_HZ: Final = 300.0
HIGHEST_HZ: Final = 2500.0
"""Beeps of machines from tape to software lie in between, and so do both tones of a fax."""

MIN_DURATION: Final = 0.18
"""Seconds: a shorter tone is no beep. Keys, clicks and vowels that are held are mostly shorter."""

MAX_DRIFT: Final = 0.012
"""Of its frequency, from the mean so far. Voices that hold a vowel drift by several percent;
a tone is off by what noise adds."""

MAX_SWELL_DB: Final = 6.0
"""Between its loudest frame and any other but its first and last: lost packets are faded."""

MAX_MISSES: Final = 2
"""Frames without the tone after which it goes on: lost packets, a reversal of phase (ITU-T V.8)."""


class ToneState(Enum):
    """How far a tone has come."""

    NONE = auto()
    BEGINNING = auto()
    SOUNDING = auto()


class ToneEvent(Enum):
    """What a frame does to it."""

    HIT = auto()
    LASTED = auto()
    LOST = auto()


TRANSITIONS: Final[Mapping[ToneState, Mapping[ToneEvent, ToneState]]] = {
    ToneState.NONE: {ToneEvent.HIT: ToneState.BEGINNING},
    ToneState.BEGINNING: {
        ToneEvent.HIT: ToneState.BEGINNING,
        ToneEvent.LASTED: ToneState.SOUNDING,
        ToneEvent.LOST: ToneState.NONE,
    },
    ToneState.SOUNDING: {ToneEvent.HIT: ToneState.SOUNDING, ToneEvent.LOST: ToneState.NONE},
}


class Tone(NamedTuple):
    """A tone of one frequency."""

    frequency_hz: float
    duration: float
    """Seconds, so far or in all."""
    level_dbm0: float
    """Of its loudest frame."""
    is_over: bool


class BeepDetector:
    """Follows one leg's tone."""

    def __init__(self) -> None:
        self.state = ToneState.NONE
        self._sum_hz = 0.0
        self._hits = 0
        self._misses = 0
        self._loudest_dbm0 = 0.0

    def take(self, features: FrameFeatures) -> Tone | None:
        """Hear a frame: a tone that has lasted `MIN_DURATION`, while it sounds and once it ends."""
        before = self._told(is_over=True)
        was = self.state
        event = self._event(features)
        if event is not None:
            self.state = TRANSITIONS[was][event]
        if self.state is ToneState.SOUNDING:
            return self._told(is_over=False)
        return before if was is ToneState.SOUNDING else None

    def _event(self, features: FrameFeatures) -> ToneEvent | None:
        """Count the frame and say what it does; None: it may belong to the tone or not."""
        if self._continues(features):
            self._hits += 1 + self._misses
            self._sum_hz += features.tone_hz * (1 + self._misses)
            self._misses = 0
            self._loudest_dbm0 = max(self._loudest_dbm0, features.level_dbm0)
            lasted = self.state is ToneState.BEGINNING and self._duration() >= MIN_DURATION
            return ToneEvent.LASTED if lasted else ToneEvent.HIT
        if self.state is ToneState.NONE:
            return None
        self._misses += 1
        if self._misses <= MAX_MISSES:
            return None
        self._hits = self._misses = 0
        self._sum_hz = 0.0
        return ToneEvent.LOST

    def _continues(self, features: FrameFeatures) -> bool:
        frequency = features.tone_hz
        if not LOWEST_HZ <= frequency <= HIGHEST_HZ:
            return False
        if self.state is ToneState.NONE:
            self._loudest_dbm0 = features.level_dbm0
            return True
        if self._hits == 1 and features.level_dbm0 > self._loudest_dbm0:
            # The first frame held a part of the tone only: neither level nor frequency count.
            self._sum_hz, self._loudest_dbm0 = frequency, features.level_dbm0
            return True
        mean = self._sum_hz / self._hits
        is_level = features.level_dbm0 > self._loudest_dbm0 - MAX_SWELL_DB
        return abs(frequency - mean) <= MAX_DRIFT * mean and is_level

    def _told(self, *, is_over: bool) -> Tone:
        mean = self._sum_hz / (self._hits or 1)
        return Tone(mean, self._duration(), self._loudest_dbm0, is_over)

    def _duration(self) -> float:
        return self._hits * TICK
