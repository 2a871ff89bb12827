"""A call on virtual time: obeys `domain.call_control.CallControl`, and follows a script.

The script says when the far end answers, presses keys, speaks and hangs up, in seconds from the
start. On a `VirtualLoop` several may wait for one call, and time passes for all of them; on any
other loop nothing here waits: whoever waits moves the clock.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from callwright.domain.call_control import (
    TYPE_AHEAD_DIGITS,
    CallControl,
    CallIsOver,
    CallSnapshot,
    CallState,
    KeyTones,
    MediaFault,
    PlayOutcome,
    RecordingCut,
    RecordingOrder,
    RecordingOutcome,
    Side,
    Sound,
    SoundFile,
    WholeCallOrder,
)
from callwright.domain.call_parties import CallParties
from callwright.domain.causes import (
    CANCELLED_BY_US,
    HUNG_UP_BY_THEM,
    HUNG_UP_BY_US,
    EndCause,
    cause_of_sip_failure,
)
from callwright.domain.far_end import Classification, FarEndType
from callwright.domain.far_end import FarEnd as Verdict
from callwright.domain.ids import CallId
from callwright.domain.records import CallDirection
from tests.sim.clock import VirtualClock
from tests.sim.hearing import ScriptedHearing
from tests.sim.virtual_loop import VirtualLoop

CALL_ID = CallId("049136ca36e44662.2.914358273")

OUTBOUND = CallParties(CallDirection.OUT, "441632960100", "441632960961", "441632960961")
INBOUND = CallParties(
    CallDirection.IN, "441632960961", "441632960100", "441632960100", attestation="B"
)

KEY_SECONDS = 0.2
"""A tone and its gap."""

PAUSE_SECONDS = 0.5
"""A comma."""

_NOW = 1e-6
"""Seconds that are none: what float arithmetic makes of a moment."""


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
    early_media_at: float | None = None
    """When an unanswered outbound call is heard."""
    says: tuple[tuple[float, str], ...] = ()
    """What a recogniser makes of it; `~` before a text: it is not complete yet."""
    is_told: tuple[tuple[float, str], ...] = ()
    """The same of the sound that is sent to it."""
    far_end_type: FarEndType = FarEndType.HUMAN
    decided_after: float = 1.5
    greeting: float = 4.0
    """Seconds of an answering machine's, after the verdict."""


@dataclass(slots=True)
class ScriptedCall:
    """One call; `did` lists what the application asked of it."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    far_end: FarEnd = field(default_factory=FarEnd)
    sound_seconds: Callable[[str], float] = lambda _path: 1.0
    broken_sounds: frozenset[str] = frozenset()
    """Paths that cannot be played."""
    call_id: CallId = CALL_ID
    parties: CallParties = OUTBOUND
    ring_timeout: float = 3600.0
    did: list[str] = field(default_factory=list)
    orders: list[RecordingOrder] = field(default_factory=list)
    """What was to be recorded."""
    whole_calls: list[WholeCallOrder] = field(default_factory=list)
    is_joined: bool = field(default=False, init=False)
    joins_break: bool = field(default=False, init=False)
    """Whether sound cannot be brought together with another call's."""
    _script: list[tuple[float, Callable[[], None]]] = field(init=False)
    _waiting: list[str] = field(default_factory=list, init=False)
    _pressed: int = field(default=0, init=False)
    _stops: int = field(default=0, init=False)
    _record_stops: int = field(default=0, init=False)
    _changed: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _started_at: float = field(init=False)
    _is_heard_early: bool = field(default=False, init=False)
    _answered_at: float | None = field(default=None, init=False)
    _ended_at: float | None = field(default=None, init=False)
    _cause: EndCause | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._started_at = self.clock.seconds
        script: list[tuple[float, Callable[[], None]]] = [
            (at, partial(self._keep, key)) for at, key in self.far_end.keys
        ]
        if self.parties.direction is CallDirection.OUT:
            script += self._ringing()
        if self.far_end.hangs_up_at is not None:
            script.append((self.far_end.hangs_up_at, partial(self._end, HUNG_UP_BY_THEM)))
        self._script = sorted(
            ((self._started_at + at, happens) for at, happens in script), key=lambda event: event[0]
        )

    def snapshot(self) -> CallSnapshot:
        self._catch_up()
        until = self.clock.seconds if self._ended_at is None else self._ended_at
        duration = 0.0 if self._answered_at is None else until - self._answered_at
        return CallSnapshot(self.call_id, self._state(), duration, self._cause)

    async def answered(self) -> None:
        self._check()
        while self._answered_at is None:
            await self._wait()

    async def early_media(self) -> None:
        self._check()
        while self._answered_at is None and not self._is_heard_early:
            await self._wait()

    async def answer(self, headers: Sequence[tuple[str, str]] = ()) -> None:
        self._check()
        if self._state() is CallState.INBOUND:
            self.did.append("answer" + "".join(f" {name}: {value}" for name, value in headers))
            self._answered_at = self.clock.seconds

    async def open_early_media(self) -> None:
        self._check()
        if self._state() is CallState.INBOUND and not self._is_heard_early:
            self.did.append("open early media")
            self._is_heard_early = True

    async def reject(self, sip_status: int) -> None:
        self._check()
        assert self._state() is CallState.INBOUND
        self.did.append(f"reject {sip_status}")
        self._end(cause_of_sip_failure(sip_status))

    async def classify(self, how: Classification) -> Verdict:
        self.did.append("classify")
        decided_after = min(self.far_end.decided_after, how.timeout)
        await self._sleep(decided_after)
        return Verdict(self.far_end.far_end_type, decided_after, (), ())

    async def greeting_over(self) -> None:
        self.did.append("greeting over")
        await self._sleep(self.far_end.greeting)

    async def play(
        self, sounds: Sequence[Sound], *, barge_in_on_digit: bool, loops: bool = False
    ) -> PlayOutcome:
        self._check()
        pressed, stops = self._pressed, self._stops
        self.did.extend(["loop"] if loops else [])
        while True:
            for sound in sounds:
                self._begin(sound, is_told=not loops)
                ends_at = self.clock.seconds + self._length(sound)
                while self.clock.seconds < ends_at - _NOW:
                    await self._wait(ends_at)
                    if self._stops > stops:
                        return PlayOutcome.STOPPED
                    if barge_in_on_digit and self._pressed > pressed:
                        return PlayOutcome.DIGIT
            if not loops:
                return PlayOutcome.FINISHED

    def stop_play(self) -> None:
        self._stops += 1
        self._changed.set()

    async def next_digit(self, within: float | None) -> str | None:
        self._check()
        until = float("inf") if within is None else self.clock.seconds + within
        while not self._waiting:
            if self.clock.seconds >= until - _NOW:
                return None
            await self._wait(until)
        return self._waiting.pop(0)

    def drop_digits(self) -> None:
        self._catch_up()
        self.did.append("drop digits")
        self._waiting.clear()

    async def record(self, order: RecordingOrder) -> RecordingOutcome:
        self._check()
        self.did.append(f"record {order.path}")
        self.orders.append(order)
        begun_at, stops = self.clock.seconds, self._record_stops
        sound = self.far_end.speaks_for
        silence = order.max_silence if sound else order.max_initial_silence
        ends_at = begun_at + min(order.max_duration, sound + silence)
        seen = len(self._waiting)
        try:
            while self.clock.seconds < ends_at - _NOW and self._record_stops == stops:
                await self._wait(ends_at)
                if any(key in order.stop_digits for key in self._waiting[seen:]):
                    break
        except CallIsOver as over:
            raise RecordingCut(over.cause, self._recorded(begun_at)) from over
        return self._recorded(begun_at)

    def stop_record(self) -> None:
        self.did.append("stop record")
        self._record_stops += 1
        self._changed.set()

    def record_whole_call(self, order: WholeCallOrder) -> None:
        self.did.append(f"record whole call {order.path}")
        self.whole_calls.append(order)

    def hear(self, side: Side) -> ScriptedHearing:
        said = self.far_end.is_told if side is Side.SENT else self.far_end.says
        return ScriptedHearing(
            said=[(self._started_at + at, text) for at, text in said],
            clock=self.clock,
            over=self.over,
        )

    def join(self, other: CallControl) -> None:
        if self.joins_break:
            raise MediaFault("no line between the media workers is free")
        other_id = other.snapshot().call_id
        if not self.is_joined:
            self.did.append(f"join {other_id}")
        self.is_joined = True

    def part(self) -> None:
        if self.is_joined:
            self.did.append("part")
        self.is_joined = False

    async def pause(self, seconds: float) -> None:
        self._check()
        self.did.append(f"pause {seconds:g}")
        await self._sleep(seconds)

    async def hang_up(self) -> None:
        self._catch_up()
        if self._cause is None:
            self.did.append("hang up")
            is_ringing = self._answered_at is None and self.parties.direction is CallDirection.OUT
            self._end(CANCELLED_BY_US if is_ringing else HUNG_UP_BY_US)

    async def over(self) -> EndCause:
        self._catch_up()
        while self._cause is None:
            if isinstance(asyncio.get_running_loop(), VirtualLoop):
                with suppress(CallIsOver):
                    await self._wait()
            else:
                # Whoever waits for less than the end moves the clock.
                self._changed.clear()
                await self._changed.wait()
        return self._cause

    def _ringing(self) -> list[tuple[float, Callable[[], None]]]:
        far_end = self.far_end
        if far_end.answers_at > self.ring_timeout:
            return [(self.ring_timeout, partial(self._end, cause_of_sip_failure(408)))]
        early = [] if far_end.early_media_at is None else [(far_end.early_media_at, self._sound)]
        if far_end.refuses is not None:
            return [*early, (far_end.answers_at, partial(self._end, far_end.refuses))]
        return [*early, (far_end.answers_at, self._pick_up)]

    def _sound(self) -> None:
        self._is_heard_early = True

    def _pick_up(self) -> None:
        self._answered_at = self.clock.seconds

    def _state(self) -> CallState:
        if self._cause is not None:
            return CallState.IDLE
        if self._answered_at is not None:
            return CallState.ANSWERED
        is_inbound = self.parties.direction is CallDirection.IN
        return CallState.INBOUND if is_inbound else CallState.IDLE

    async def _sleep(self, seconds: float) -> None:
        until = self.clock.seconds + seconds
        self._check()
        while self.clock.seconds < until - _NOW:
            await self._wait(until)

    async def _wait(self, until: float = float("inf")) -> None:
        """Let time pass until then, or until something happens.

        Raises:
            CallIsOver: that was it.

        """
        next_at = min(until, self._script[0][0] if self._script else float("inf"))
        if isinstance(asyncio.get_running_loop(), VirtualLoop):
            seconds = None if next_at == float("inf") else max(0.0, next_at - self.clock.seconds)
            self._changed.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._changed.wait()
            except TimeoutError:
                pass
        else:
            assert next_at != float("inf"), "waits for ever for a far end that does nothing more"
            self.clock.seconds = max(self.clock.seconds, next_at)
        self._check()

    def _check(self) -> None:
        self._catch_up()
        if self._cause is not None:
            raise CallIsOver(self._cause)

    def _catch_up(self) -> None:
        """Let happen what was to happen until now."""
        while self._script and self._script[0][0] <= self.clock.seconds + _NOW:
            _, happens = self._script.pop(0)
            if self._cause is None:
                happens()
            self._changed.set()

    def _keep(self, key: str) -> None:
        self._pressed += 1
        if len(self._waiting) < TYPE_AHEAD_DIGITS:
            self._waiting.append(key)

    def _begin(self, sound: Sound, *, is_told: bool) -> None:
        if is_told:
            self.did.append(f"play {_shown(sound)}")
        if isinstance(sound, SoundFile) and sound.path in self.broken_sounds:
            raise MediaFault(f"{sound.path} is no wav file")

    def _length(self, sound: Sound) -> float:
        match sound:
            case SoundFile():
                return self.sound_seconds(sound.path)
            case KeyTones():
                pauses = sound.digits.count(",")
                return pauses * PAUSE_SECONDS + (len(sound.digits) - pauses) * KEY_SECONDS
            case _:
                return sound.duration_ms / 1000

    def _recorded(self, begun_at: float) -> RecordingOutcome:
        return RecordingOutcome(self.clock.seconds - begun_at, self.far_end.speaks_for > 0)

    def _end(self, cause: EndCause) -> None:
        self._cause = cause
        self._ended_at = self.clock.seconds
        self.is_joined = False
        self._changed.set()


def _shown(sound: Sound) -> str:
    match sound:
        case SoundFile():
            return sound.path
        case KeyTones():
            return f"keys {sound.digits}"
        case _:
            return f"tone {'+'.join(f'{hz:g}' for hz in sound.frequencies_hz) or 'none'}"
