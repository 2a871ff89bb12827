"""A call on virtual time: obeys `domain.call_control.CallControl`, and follows a script.

The script says when the far end answers, presses keys and hangs up, in seconds from the start.
Nothing here waits: whoever waits moves the clock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from callwright.domain.call_control import (
    TYPE_AHEAD_DIGITS,
    CallIsOver,
    CallSnapshot,
    CallState,
    MediaFault,
    PlayOutcome,
    RecordingCut,
    RecordingOrder,
    RecordingOutcome,
    Sound,
    SoundFile,
)
from callwright.domain.causes import HUNG_UP_BY_THEM, HUNG_UP_BY_US, EndCause
from callwright.domain.ids import CallId
from tests.sim.clock import VirtualClock

CALL_ID = CallId("049136ca36e44662.2.914358273")

KEY_SECONDS = 0.2
"""A tone and its gap."""

PAUSE_SECONDS = 0.5
"""A comma."""


@dataclass(frozen=True, slots=True)
class FarEnd:
    """What the far end does, in seconds from the start of the call."""

    answers_at: float = 2.0
    keys: tuple[tuple[float, str], ...] = ()
    hangs_up_at: float | None = None
    refuses: EndCause | None = None
    """The call is never answered and ends with this at `answers_at`."""
    speaks_for: float = 4.0
    """Seconds of each recording that hold sound, from its start."""


@dataclass(slots=True)
class ScriptedCall:
    """One call; `did` lists what the application asked of it."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    far_end: FarEnd = field(default_factory=FarEnd)
    sound_seconds: Callable[[str], float] = lambda _path: 1.0
    broken_sounds: frozenset[str] = frozenset()
    """Paths that cannot be played."""
    call_id: CallId = CALL_ID
    did: list[str] = field(default_factory=list)
    orders: list[RecordingOrder] = field(default_factory=list)
    """What was to be recorded."""
    _keys: list[tuple[float, str]] = field(init=False)
    _waiting: list[str] = field(default_factory=list, init=False)
    _started_at: float = field(init=False)
    _answered_at: float | None = field(default=None, init=False)
    _ended_at: float | None = field(default=None, init=False)
    _cause: EndCause | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._started_at = self.clock.seconds
        self._keys = sorted(self.far_end.keys)

    def snapshot(self) -> CallSnapshot:
        self._catch_up()
        until = self.clock.seconds if self._ended_at is None else self._ended_at
        duration = 0.0 if self._answered_at is None else until - self._answered_at
        return CallSnapshot(self.call_id, self._state(), duration, self._cause)

    async def answered(self) -> None:
        self._check()
        if self._answered_at is not None:
            return
        self.clock.seconds = max(self.clock.seconds, self._at(self.far_end.answers_at))
        if self.far_end.refuses is not None:
            self._end(self.far_end.refuses)
            self._check()
        self._answered_at = self.clock.seconds

    async def play(self, sounds: Sequence[Sound], *, barge_in_on_digit: bool) -> PlayOutcome:
        self._check()
        for sound in sounds:
            self.did.append(f"play {_shown(sound)}")
            if isinstance(sound, SoundFile) and sound.path in self.broken_sounds:
                raise MediaFault(f"{sound.path} is no wav file")
            ends_at = self.clock.seconds + self._length(sound)
            while (key := self._move(ends_at)) is not None:
                self._keep(key)
                if barge_in_on_digit:
                    return PlayOutcome.DIGIT
        return PlayOutcome.FINISHED

    async def next_digit(self, within: float | None) -> str | None:
        self._check()
        if self._waiting:
            return self._waiting.pop(0)
        return self._move(float("inf") if within is None else self.clock.seconds + within)

    def drop_digits(self) -> None:
        self._catch_up()
        self.did.append("drop digits")
        self._waiting.clear()

    async def record(self, order: RecordingOrder) -> RecordingOutcome:
        self._check()
        self.did.append(f"record {order.path}")
        self.orders.append(order)
        begun_at = self.clock.seconds
        sound = self.far_end.speaks_for
        silence = order.max_silence if sound else order.max_initial_silence
        ends_at = begun_at + min(order.max_duration, sound + silence)
        try:
            while (key := self._move(ends_at)) is not None and key not in order.stop_digits:
                self._keep(key)
        except CallIsOver as over:
            raise RecordingCut(over.cause, self._recorded(begun_at)) from over
        return self._recorded(begun_at)

    async def pause(self, seconds: float) -> None:
        self._check()
        self.did.append(f"pause {seconds:g}")
        ends_at = self.clock.seconds + seconds
        while (key := self._move(ends_at)) is not None:
            self._keep(key)

    async def hang_up(self) -> None:
        self._catch_up()
        if self._cause is None:
            self.did.append("hang up")
            self._end(HUNG_UP_BY_US)

    async def over(self) -> EndCause:
        while self._cause is None:
            try:
                self._move(float("inf"))
            except CallIsOver:
                break
        assert self._cause is not None
        return self._cause

    def _state(self) -> CallState:
        if self._cause is not None or self._answered_at is None:
            return CallState.IDLE
        return CallState.ANSWERED

    def _move(self, until: float) -> str | None:
        """Let time pass until then, or until the next key, which is returned.

        Raises:
            CallIsOver: the far end hung up before.

        """
        key_at = self._at(self._keys[0][0]) if self._keys else float("inf")
        over_at = (
            float("inf") if self.far_end.hangs_up_at is None else self._at(self.far_end.hangs_up_at)
        )
        next_at = min(until, key_at, over_at)
        assert next_at != float("inf"), "waits for ever for a far end that does nothing more"
        self.clock.seconds = max(self.clock.seconds, next_at)
        if next_at == over_at:
            self._end(HUNG_UP_BY_THEM)
            raise CallIsOver(HUNG_UP_BY_THEM)
        return self._keys.pop(0)[1] if next_at == key_at else None

    def _catch_up(self) -> None:
        """Let happen what happened while the application was busy elsewhere."""
        if self._cause is not None or self._answered_at is None:
            return
        try:
            while (key := self._move(self.clock.seconds)) is not None:
                self._keep(key)
        except CallIsOver:
            return

    def _keep(self, key: str) -> None:
        if len(self._waiting) < TYPE_AHEAD_DIGITS:
            self._waiting.append(key)

    def _at(self, seconds: float) -> float:
        return self._started_at + seconds

    def _length(self, sound: Sound) -> float:
        if isinstance(sound, SoundFile):
            return self.sound_seconds(sound.path)
        pauses = sound.digits.count(",")
        return pauses * PAUSE_SECONDS + (len(sound.digits) - pauses) * KEY_SECONDS

    def _recorded(self, begun_at: float) -> RecordingOutcome:
        return RecordingOutcome(self.clock.seconds - begun_at, self.far_end.speaks_for > 0)

    def _end(self, cause: EndCause) -> None:
        self._cause = cause
        self._ended_at = self.clock.seconds

    def _check(self) -> None:
        self._catch_up()
        if self._cause is not None:
            raise CallIsOver(self._cause)


def _shown(sound: Sound) -> str:
    return sound.path if isinstance(sound, SoundFile) else f"keys {sound.digits}"
