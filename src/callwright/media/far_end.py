"""Human, answering machine or fax: far-end classification from the sound alone.

People say a word or a sentence and wait for an answer; machines talk on. So it is decided by how
long somebody speaks before he waits, and for how long: the shorter he has spoken, the shorter the
wait that tells. Beeps and the tones of a fax decide at once, the network's own tones don't.

The worker hands in each frame's features, one tick after another since answer.
"""

from collections import deque
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final

from callwright.media.beep import BeepDetector, Tone, ToneState
from callwright.media.far_end_features import FrameFeatures
from callwright.media.far_end_rhythm import AT_ONCE, MOMENT, Rhythm
from callwright.media.far_end_sound import STEADY_AFTER, Heard, Loudness
from callwright.media.far_end_tones import is_beep, is_fax, is_network_tone
from callwright.media.far_end_verdict import FarEndType, Mode, Segment, SegmentKind, Verdict
from callwright.media.frames import TICK

MAX_TIMEOUT: Final = 5.0
"""Seconds: the longest that a caller may have us listen (API: milliseconds_timeout, 5000)."""

MAX_RINGING: Final = 60.0
"""Seconds of ringing after the network's connect, then it is given up: nobody lets it ring so
long, and somebody pays for each minute."""

SPEECH_FRAMES: Final = 6
SPEECH_WINDOW: Final = 10
"""Somebody speaks when 6 frames of 10 are sound: 120 ms, less than the shortest "ja", longer than
a click."""

VOICED_FRAMES: Final = 2
"""Of these, how many must be more than a single tone: a beep's first frames are nothing else."""

AGAIN_FRAMES: Final = 4
AGAIN_WINDOW: Final = 6
"""Somebody who has spoken speaks again: machines read out short digits with long pauses."""

RINGING: Final = 0.3
"""Seconds of a network's tone that are certain to be ringing: vowels don't last as long."""

LONGEST_RINGING_PAUSE: Final = 4.3
"""Seconds without ringing, after which it is over: pauses last 4 in North America (ANSI T1.401)
and in most of Europe (ETSI TR 101 041)."""


class State(Enum):
    """What the far end does."""

    RINGING = auto()
    """It may ring still."""
    WAITING = auto()
    """Nobody has spoken yet."""
    TALKING = auto()
    PAUSING = auto()
    """Somebody has spoken, and doesn't now."""
    HUMAN = auto()
    MACHINE = auto()
    FAX = auto()
    UNDECIDED = auto()


class Event(Enum):
    """What makes a difference."""

    RANG = auto()
    PICKED_UP = auto()
    SPOKE = auto()
    ROSE = auto()
    """What was heard before was only the background of what is heard now."""
    WAS_NOISE = auto()
    PAUSED = auto()
    WAITED = auto()
    TALKED_ON = auto()
    BEEPED = auto()
    FAXED = auto()
    TIME_UP = auto()


TRANSITIONS: Final[Mapping[State, Mapping[Event, State]]] = {
    State.RINGING: {
        Event.FAXED: State.FAX,
        Event.BEEPED: State.MACHINE,
        Event.RANG: State.RINGING,
        Event.SPOKE: State.TALKING,
        Event.PICKED_UP: State.WAITING,
        Event.TIME_UP: State.UNDECIDED,
    },
    State.WAITING: {
        Event.FAXED: State.FAX,
        Event.BEEPED: State.MACHINE,
        Event.RANG: State.RINGING,
        Event.SPOKE: State.TALKING,
        Event.TIME_UP: State.UNDECIDED,
    },
    State.TALKING: {
        # No FAXED: the half second of tone that is certain to be one is a pause by then.
        Event.BEEPED: State.MACHINE,
        Event.WAS_NOISE: State.WAITING,
        Event.ROSE: State.TALKING,
        Event.PAUSED: State.PAUSING,
        Event.TALKED_ON: State.MACHINE,
        Event.TIME_UP: State.UNDECIDED,
    },
    State.PAUSING: {
        Event.FAXED: State.FAX,
        Event.BEEPED: State.MACHINE,
        Event.SPOKE: State.TALKING,
        Event.TALKED_ON: State.MACHINE,
        Event.WAITED: State.HUMAN,
        Event.TIME_UP: State.UNDECIDED,
    },
    State.HUMAN: {},
    State.MACHINE: {},
    State.FAX: {},
    State.UNDECIDED: {},
}
"""Of several events in one frame, the first in a state's row counts."""


class FarEndClassifier:
    """Listens to one leg since answer, until it says who has answered."""

    def __init__(
        self, now: float, *, mode: Mode = Mode.NETWORK_CONNECT, timeout: float = MAX_TIMEOUT
    ) -> None:
        """Begin at answer; `now` and `timeout` in seconds, of any steady clock."""
        self.state = State.WAITING if mode is Mode.NETWORK_CONNECT else State.RINGING
        self._arrows = _ARROWS[self.state]
        self.loudness = Loudness()
        self.beeps = BeepDetector()
        self._rhythm = Rhythm(now)
        self._mode = mode
        self._timeout = timeout
        self._answered_at = self._started_at = self._segment_from = self._now = now
        self._heard = Heard.QUIET
        self._tone: Tone | None = None
        self._sounds: deque[bool] = deque([False] * SPEECH_WINDOW, SPEECH_WINDOW)
        self._voices: deque[bool] = deque([False] * SPEECH_WINDOW, SPEECH_WINDOW)
        self._ringing = 0.0  # seconds of a network's tone, up to now
        self._timeline: list[Segment] = []
        self._verdict: Verdict | None = None

    def take(self, features: FrameFeatures, now: float) -> Verdict | None:
        """Hear the frame that ends `now`; once it is decided, the verdict stays the same."""
        if self._verdict is not None:
            return self._verdict
        self._now = now
        self._listen(features)
        event = next((event for event, has_come in self._arrows if has_come(self)), None)
        if event is not None:
            self._step(event)
        if self.state not in _TYPES and self.time_up():
            self._step(Event.TIME_UP)  # nothing that came about in the last frame puts it off
        return self._verdict

    def _listen(self, features: FrameFeatures) -> None:
        self._heard = self.loudness.take(features.level_dbm0)
        self._tone = self.beeps.take(features)
        is_ringing = is_network_tone(features.tone_hz, features.level_dbm0)
        self._ringing = self._ringing + TICK if is_ringing else 0.0
        is_sound = self._heard in _SOUNDS and self.beeps.state is not ToneState.SOUNDING
        self._sounds.append(is_sound)
        self._voices.append(is_sound and not features.tone_hz)
        counts = self.state is not State.PAUSING
        self._rhythm.take(self._now, is_sound=is_sound, counts=counts)

    def _step(self, event: Event) -> None:
        """Follow an arrow; note what was heard until then."""
        was, self.state = self.state, TRANSITIONS[self.state][event]
        self._arrows = _ARROWS[self.state]
        match event:
            case Event.SPOKE:
                self._speak(was)
            case Event.ROSE:
                self._note(SegmentKind.BACKGROUND, self._now - _ROSE_IN)
                self._rhythm.is_noisy = True
                self._begin()
            case Event.WAS_NOISE:
                self._note(SegmentKind.BACKGROUND, self._now)
                self._rhythm.is_noisy = True
            case Event.PAUSED:
                if self._heard is Heard.STEADY:
                    self._rhythm.spoke_until = self._now - STEADY_AFTER
                self._note(SegmentKind.SPEECH, self._rhythm.spoke_until)
            case Event.RANG:
                self._note(_KINDS[was], self._now - self._ringing)
                self._note(SegmentKind.RINGING, self._now)
            case Event.BEEPED | Event.FAXED if self._tone is not None:
                self._note(_KINDS[was], self._now - self._tone.duration)
                self._pick_up(was)
                self._note(SegmentKind.TONE, self._now)
            case _:
                self._note(_KINDS[was], self._now)
        if event is Event.PICKED_UP:
            self._pick_up(was)
        if self.state in _TYPES:
            self._decide(event)

    def _speak(self, was: State) -> None:
        if was is State.PAUSING:
            self._note(SegmentKind.SILENCE, self._now - AGAIN_FRAMES * TICK)
        else:
            first = self._sounds.index(True)
            self._note(_KINDS[was], self._now - (SPEECH_WINDOW - first) * TICK)
            self._begin()
            self.loudness.speech_began()
        self._rhythm.spoke_until = self._now
        self._pick_up(was)

    def _begin(self) -> None:
        began_at = self._segment_from
        self._rhythm.begin(began_at, is_at_once=began_at - self._answered_at < AT_ONCE)

    def _pick_up(self, was: State) -> None:
        """Start the clock where the stretch that begins now is what follows the ringing."""
        if was is State.RINGING and self._mode is Mode.ANSWER_DETECT:
            self._started_at = self._segment_from

    def _note(self, kind: SegmentKind, until: float) -> None:
        """End the stretch of sound that has gone on so far."""
        start = self._segment_from
        if until <= start:
            return
        self._segment_from = until
        if self._timeline and self._timeline[-1].kind is kind:
            start = self._timeline.pop().start
        else:
            start = round(start - self._answered_at, 3)
        self._timeline.append(Segment(start, round(until - self._answered_at, 3), kind))

    def _decide(self, event: Event) -> None:
        after = round(self._now - self._started_at, 3)
        talked, waited = self._rhythm.talked, self._rhythm.waited
        reasons: tuple[str, ...] = (f"nothing decisive within {after:.2f} s",)
        if event is Event.WAITED:
            reasons = (f"spoke for {talked:.2f} s", f"then was silent for {waited:.2f} s")
        elif event is Event.TALKED_ON:
            reasons = (f"spoke for {talked:.2f} s without waiting for an answer",)
        elif self._tone is not None and event in _NAMES:
            tone = self._tone
            reasons = (f"{_NAMES[event]}: {tone.frequency_hz:.0f} Hz for {tone.duration:.2f} s",)
        if event in _RHYTHM and self.time_up():
            reasons = (*reasons, "time was up")
        self._verdict = Verdict(_TYPES[self.state], after, reasons, tuple(self._timeline))

    def rang(self) -> bool:
        """Whether a network's ringing is heard now."""
        return self._ringing >= RINGING - MOMENT

    def picked_up(self) -> bool:
        """Whether it has not rung for longer than ringing pauses."""
        return self._now - self._segment_from > LONGEST_RINGING_PAUSE and not self._ringing

    def spoke(self) -> bool:
        """Whether somebody has begun to speak, or has begun again."""
        if self.state is State.PAUSING:
            return sum(list(self._sounds)[-AGAIN_WINDOW:]) >= AGAIN_FRAMES
        return sum(self._sounds) >= SPEECH_FRAMES and sum(self._voices) >= VOICED_FRAMES

    def rose(self) -> bool:
        """Whether a voice has risen out of what was taken for one."""
        return self._heard is Heard.RISING and self._now - self._rhythm.began_at > _LEAST_BACKGROUND

    def was_noise(self) -> bool:
        """Whether what was taken for a voice is steady, all of it."""
        is_new = self._now - self._rhythm.began_at < STEADY_AFTER + SPEECH_WINDOW * TICK
        return self._heard is Heard.STEADY and is_new

    def paused(self) -> bool:
        """Whether the voice is silent."""
        return sum(self._sounds) <= 1 or self._heard is Heard.STEADY

    def waited(self) -> bool:
        """Whether he has been silent for as long as people wait for an answer, not in between."""
        return self._rhythm.has_waited(is_time_up=self.time_up())

    def talked_on(self) -> bool:
        """Whether he has spoken for longer than people do; in a pause, that is for the last."""
        is_time_up = self.time_up()
        may_be = is_time_up or self.state is State.TALKING
        return may_be and self._rhythm.has_talked_on(is_time_up=is_time_up)

    def beeped(self) -> bool:
        """Whether a machine's beep is over."""
        tone, loudest = self._tone, self.loudness.loudest_dbm0
        return tone is not None and is_beep(tone, loudest, is_first=self._is_first)

    def faxed(self) -> bool:
        """Whether a fax is heard."""
        return self._tone is not None and is_fax(self._tone, is_first=self._is_first)

    def time_up(self) -> bool:
        """Whether there is no time left."""
        if self.state is State.RINGING and self._mode is Mode.ANSWER_DETECT:
            return self._now - self._answered_at >= MAX_RINGING - MOMENT
        return self._now - self._started_at >= self._timeout - MOMENT

    @property
    def _is_first(self) -> bool:
        """Whether nobody has spoken yet."""
        return self.state in {State.RINGING, State.WAITING}


_RULES: Final[Mapping[Event, Callable[[FarEndClassifier], bool]]] = {
    Event.RANG: FarEndClassifier.rang,
    Event.PICKED_UP: FarEndClassifier.picked_up,
    Event.SPOKE: FarEndClassifier.spoke,
    Event.ROSE: FarEndClassifier.rose,
    Event.WAS_NOISE: FarEndClassifier.was_noise,
    Event.PAUSED: FarEndClassifier.paused,
    Event.WAITED: FarEndClassifier.waited,
    Event.TALKED_ON: FarEndClassifier.talked_on,
    Event.BEEPED: FarEndClassifier.beeped,
    Event.FAXED: FarEndClassifier.faxed,
    Event.TIME_UP: FarEndClassifier.time_up,
}
"""Whether an event has come about."""

_ARROWS: Final = {
    state: tuple((event, _RULES[event]) for event in row) for state, row in TRANSITIONS.items()
}
"""The same by state, since a state's row is asked each tick."""

_TYPES: Final = {
    State.HUMAN: FarEndType.HUMAN,
    State.MACHINE: FarEndType.ANSWERING_MACHINE,
    State.FAX: FarEndType.FAX_MACHINE,
    State.UNDECIDED: FarEndType.UNKNOWN,
}
_KINDS: Final = {
    State.RINGING: SegmentKind.RINGING,
    State.WAITING: SegmentKind.SILENCE,
    State.TALKING: SegmentKind.SPEECH,
    State.PAUSING: SegmentKind.SILENCE,
}
_RHYTHM: Final = frozenset({Event.WAITED, Event.TALKED_ON})
_NAMES: Final = {Event.BEEPED: "beep", Event.FAXED: "fax tone"}
_SOUNDS: Final = frozenset({Heard.SOUND, Heard.RISING})

_ROSE_IN: Final = 0.08
"""Seconds that a voice needs to be certain to have risen."""

_LEAST_BACKGROUND: Final = 0.3
"""Seconds: sound that is shorter may be the beginning of the voice itself."""
