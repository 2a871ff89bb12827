"""Where phrases begin and end in a stream, by the level of its sound."""

from collections import deque
from enum import Enum, auto
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callwright.media.frames import FRAME_SAMPLES, TICK, TICK_MS
from callwright.media.speech_activity import ONSET_MS, SpeechActivity

LEAD_FRAMES: Final = 20
"""Of what came before the sound was noticed: 400 ms, since a word may begin with a faint
consonant, and the decoder needs some silence to know the line by."""

ONSET_FRAMES: Final = ONSET_MS // TICK_MS
"""Frames of sound in a row that begin a phrase."""

TAIL_FRAMES: Final = 25
"""Silence that belongs to a phrase: half a second, so that the decoder hears the end."""

DEFAULT_END_SILENCE: Final = 0.7
"""Seconds that end a phrase where the order says nothing: longer than the pauses between digits
that are read out, short enough for a menu to feel quick."""

MAX_PHRASE: Final = 15.0
"""Seconds; somebody who goes on is cut into phrases, and music cannot fill the memory."""


class Mark(Enum):
    """What a frame is to a phrase."""

    NOTHING = auto()
    BEGIN = auto()
    MORE = auto()
    END = auto()


class Step(NamedTuple):
    """One frame, judged."""

    mark: Mark
    sound: NDArray[np.int16]
    """What the decoder gets; of the first step, also what came just before."""


class PhraseEnds:
    """Takes the frames of one stream, 20 ms each."""

    def __init__(self, end_silence: float) -> None:
        """Begin in silence; `end_silence` seconds end a phrase."""
        self._end_frames = max(1, round(end_silence / TICK))
        self._activity = SpeechActivity()
        self._activity.reset(0)
        self._lead: deque[NDArray[np.int16]] = deque(maxlen=LEAD_FRAMES)
        self._frames = 0
        self._silent = 0
        self._streak = 0
        self.sound_frames = 0
        """Frames of this phrase that stood out of the noise."""

    @property
    def is_inside(self) -> bool:
        """Whether a phrase has begun and not ended."""
        return self._frames > 0

    def take(self, frame: NDArray[np.int16]) -> Step:
        """Judge the next frame, of `FRAME_SAMPLES` samples."""
        heard = self._activity.listen(frame.reshape(1, FRAME_SAMPLES))
        if not self._frames:
            # Not `heard.started`: its own hangover may be longer than our silence.
            self._streak = self._streak + 1 if heard.is_sound[0] else 0
            return self._outside(frame, has_started=self._streak >= ONSET_FRAMES)
        self._frames += 1
        if heard.is_sound[0]:
            self.sound_frames += 1
            self._silent = 0
        else:
            self._silent += 1
        is_over = self._silent >= self._end_frames or self._frames * TICK >= MAX_PHRASE
        if is_over:
            self._frames = self._streak = 0
        return Step(
            Mark.END if is_over else Mark.MORE,
            frame if self._silent <= TAIL_FRAMES else _NO_SOUND,
        )

    def _outside(self, frame: NDArray[np.int16], *, has_started: bool) -> Step:
        self._lead.append(frame)
        if not has_started:
            return Step(Mark.NOTHING, _NO_SOUND)
        self._frames, self._silent, self.sound_frames = 1, 0, ONSET_FRAMES
        sound = np.concatenate(self._lead)
        self._lead.clear()
        return Step(Mark.BEGIN, sound)


_NO_SOUND: Final = np.zeros(0, np.int16)
