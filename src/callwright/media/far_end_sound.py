"""Whether somebody speaks on one leg, above whatever else the line carries.

Louder than a floor is not enough here: people answer in the street and beside a radio. So speech
is judged against the quietest tenth of a second of late, against the loudest sound so far, and
against what was heard before anybody spoke. Sound that stays the same is taken for the line's
own; where a voice rises out of sound, that sound was its background.
"""

import math
from collections import deque
from enum import Enum, auto
from typing import Final

from callwright.media.frames import TICK, TICK_MS

MIN_LEVEL_DBM0: Final = -50.0
"""Fainter sound is never speech: 30 dB under a quiet talker (ITU-T P.56: active speech is at
-18 to -26 dBm0), and less for its faint ends."""

UNSURE_LEVEL_DBM0: Final = -38.0
"""Sound that never was louder, and never much quieter either, is the line's own."""

DIGITAL_SILENCE_DBM0: Final = -75.0
"""Fainter than any line's noise: packets are missing, or the far end suppresses silence."""

MARGIN_DB: Final = 10.0
"""Speech stands this far above the floor."""

RANGE_DB: Final = 25.0
"""No further than this below the loudest: fainter is its echo in the room."""

MIN_RANGE_DB: Final = 10.0
"""Nor need it be nearer than this: in speech without pauses, the floor is speech as well."""

BACKGROUND_MARGIN_DB: Final = 1.0
"""Above the background's loudest tenth of a second."""

EARLY_RISE_DB: Final = 6.0
"""What is this much louder than all before it is somebody else, who is nearer, if there was sound
from the first moment on: nobody speaks as early as that, but radios and streets do."""

RISE_DB: Final = 8.0
"""The same, if there was silence at first: syllables differ by 3 dB, rarely by so much."""

EARLY: Final = 0.14
"""Seconds: sound that begins so soon after the first packet was there before."""

DECAY_DB: Final = 0.08
"""A frame, of the loudest: 4 dB a second, slow against words."""

FORGETTING_DB: Final = 0.2
"""A frame, of the background's loudest: 10 dB a second, so that a click is soon forgotten."""

STEADY_AFTER: Final = 0.5
"""Seconds of sound that stays the same."""

STEADY_DB: Final = 2.2
"""Standard deviation of its levels: noise has 0.5 to 2 dB, speech 4 to 10."""


class Heard(Enum):
    """What a frame is."""

    QUIET = auto()
    SOUND = auto()
    RISING = auto()
    """Sound that makes all before it a background."""
    STEADY = auto()
    """Noise, and for `STEADY_AFTER` it was noise already."""


class Loudness:
    """One leg's levels, and where its speech begins."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=_STEADY)
        self._sum = 0.0  # of these levels, and of their squares
        self._squares = 0.0
        self._lows: deque[float] = deque([math.inf], maxlen=_BLOCKS)
        self._tops: deque[float] = deque(maxlen=_BEFORE)
        self._top = _FIRST_TOP_DBM0
        self._unspoken = -math.inf  # the loudest before anybody spoke, but for the last moments
        self._background = -math.inf
        self._count = 0
        self._first_packet = 0  # frames that came before it
        self._first_sound = 0
        self._louder = 0

    def take(self, level_dbm0: float) -> Heard:
        """Judge a frame by its level."""
        floor = self._follow(level_dbm0)
        before = self._tops[0] if len(self._tops) == _BEFORE else math.inf
        self._tops.append(self._top)
        is_sound = level_dbm0 > self._threshold(floor)
        if self._is_steady():
            self._lows.clear()
            self._lows.append(self._sum / _STEADY + STEADY_DB)
            return Heard.STEADY
        if not is_sound:
            self._louder = max(0, self._louder - 1)
            return Heard.QUIET
        return Heard.RISING if self._rises(level_dbm0, before) else Heard.SOUND

    @property
    def loudest_dbm0(self) -> float:
        """The loudest of late."""
        return self._top

    def speech_began(self) -> None:
        """Take what was heard until `SETTLED` ago for the background of what is heard now."""
        self._background = max(self._background, self._unspoken)

    def _follow(self, level: float) -> float:
        """Take the level in; return the floor."""
        gone = self._levels[0] if len(self._levels) == _STEADY else 0.0
        self._sum += level - gone
        self._squares += level * level - gone * gone
        self._levels.append(level)
        self._top = max(level, self._top - DECAY_DB)
        if level < DIGITAL_SILENCE_DBM0 and not self._first_sound:
            self._first_packet = self._count
        self._count += 1
        if self._count % _BLOCK == 0:
            self._lows.append(math.inf)
        count = len(self._levels)
        if count >= _SUSTAINED:
            latest = [self._levels[place] for place in range(-_SUSTAINED, 0)]
            self._lows[-1] = min(self._lows[-1], max(latest))
        if count >= _SETTLED + _SUSTAINED:
            end = count - _SETTLED
            old = min(self._levels[place] for place in range(end - _SUSTAINED, end))
            self._unspoken = max(old, self._unspoken - FORGETTING_DB)
        return min(self._lows)

    def _threshold(self, floor: float) -> float:
        top = self._top
        if top < UNSURE_LEVEL_DBM0 and top - floor < MIN_RANGE_DB:
            return math.inf
        known = DIGITAL_SILENCE_DBM0 if floor == math.inf else floor
        background = self._background + BACKGROUND_MARGIN_DB
        wanted = max(known + MARGIN_DB, top - RANGE_DB, background)
        return max(MIN_LEVEL_DBM0, min(wanted, top - MIN_RANGE_DB))

    def _rises(self, level: float, before: float) -> bool:
        """Whether this sound rises out of what sounded `_BEFORE` ago."""
        self._first_sound = self._first_sound or self._count
        is_early = self._first_sound - self._first_packet <= _EARLY
        rise, age = (EARLY_RISE_DB, _EARLY_AGE) if is_early else (RISE_DB, _AGE)
        is_louder = level > before + rise and self._count - self._first_sound > age
        self._louder = self._louder + 1 if is_louder else max(0, self._louder - 1)
        if self._louder < _RISEN:
            return False
        self._background = before
        return True

    def _is_steady(self) -> bool:
        if len(self._levels) < _STEADY:
            return False
        variance = self._squares / _STEADY - (self._sum / _STEADY) ** 2
        return variance < STEADY_DB**2 and min(self._levels) > DIGITAL_SILENCE_DBM0


_SUSTAINED: Final = 100 // TICK_MS
_STEADY: Final = round(STEADY_AFTER / TICK)
_BLOCK: Final = 300 // TICK_MS
_BLOCKS: Final = 5
"""The floor is that of the last 1.2 to 1.5 s: longer than most go on without a pause of a tenth
of a second, short enough for a call that moves into the street."""

_SETTLED: Final = 200 // TICK_MS
"""Until it is certain that somebody speaks, he has spoken for up to so long."""

_EARLY: Final = round(EARLY / TICK)
_BEFORE: Final = 300 // TICK_MS
_EARLY_AGE: Final = _BEFORE + 2
_AGE: Final = 2 * _BEFORE
"""Frames since the first sound, before which nothing rises: its own onset is over `_BEFORE` ago;
without that, each voice would rise out of the silence before it."""

_RISEN: Final = 60 // TICK_MS
_FIRST_TOP_DBM0: Final = -45.0
"""The loudest, as long as nothing was loud."""
