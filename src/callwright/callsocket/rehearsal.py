"""The platform's side of a call for tests: what it says, what it plays, and what it refuses.

It is moved by `tick`, once for each 20 ms; it knows neither sockets nor time.
"""

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from .g711 import linear
from .messages import CAUSES, MAX_PAYLOAD_BYTES, Ended, Origin
from .pacing import MAX_QUEUED_FRAMES
from .playing import MAX_WAITING_PLAYS
from .sound import FRAME_MS, SAMPLE_RATE_HZ, TELEPHONE, Encoding, SoundFormat

FRAME_SAMPLES: Final = SAMPLE_RATE_HZ * FRAME_MS // 1000
FRAME_BYTES: Final = TELEPHONE.size_of(FRAME_MS)

TOO_LONG: Final = 1009
"""The Close code for a frame that is too long."""

_MAX_BUFFER_MS: Final = 50_000
"""The longest `initial_buffer_ms` that the platform takes."""


class Refused(Exception):
    """The platform answers with an `error` message."""


@dataclass(slots=True)
class RehearsedPlay:
    """A play as the platform queues it; its sound is decoded when it comes."""

    id: str
    format: SoundFormat
    channel: int
    least_samples: int
    """What its initial buffer asks for."""
    is_complete: bool = False
    frames: deque[bytes] = field(default_factory=deque)
    has_begun: bool = False

    def add(self, sound: bytes) -> None:
        """Take a frame."""
        if len(sound) % self.format.sample_bytes:
            raise Refused(f"{len(sound)} bytes are no whole number of samples")
        if len(self.frames) >= MAX_QUEUED_FRAMES:
            raise Refused(f"more than {MAX_QUEUED_FRAMES} frames wait")
        if sound:
            self.frames.append(_heard(sound, self.format, self.channel))

    def take(self, samples: int) -> bytes:
        """At most so many samples; none before it may begin."""
        waiting = sum(map(len, self.frames)) // 2
        full = len(self.frames) >= MAX_QUEUED_FRAMES
        self.has_begun |= self.is_complete or full or waiting >= self.least_samples
        taken = b""
        while self.has_begun and self.frames and len(taken) < 2 * samples:
            frame = self.frames.popleft()
            room = 2 * samples - len(taken)
            taken += frame[:room]
            if frame[room:]:
                self.frames.appendleft(frame[room:])
        return taken


@dataclass(slots=True)
class RehearsedPlatform:
    """One call; `to_send` is emptied by whoever carries it to the server."""

    caller: str
    takes_digits: bool
    to_send: list[str | bytes] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """The reasons of all `error` messages."""
    finished: list[str] = field(default_factory=list)
    """Plays that are over, by their `id`, in order."""
    ended: Ended | None = None
    close_code: int | None = None
    """The code of the Close frame that follows what is in `to_send`."""
    _plays: deque[RehearsedPlay] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Begin the call."""
        self._say("call_start", **{"from": self.caller})
        self._say("audio_start", format=Encoding.PCM_16, sample_rate=SAMPLE_RATE_HZ, channels=1)

    def receive(self, message: str | bytes) -> None:
        """Take a frame of the server's."""
        if self.ended is not None:
            return
        if len(message.encode() if isinstance(message, str) else message) > MAX_PAYLOAD_BYTES:
            self._end(Ended(Origin.ERROR, "FAILED", TOO_LONG), TOO_LONG)
            return
        try:
            if isinstance(message, bytes):
                self._open_play().add(message)
            else:
                self._obey(message)
        except Refused as problem:
            self.problems.append(str(problem))
            self._say("error", reason=str(problem))

    def tick(self, said: bytes) -> bytes:
        """Let 20 ms pass: this is said to the server, and what is heard of it comes back."""
        self.to_send.append(said)
        heard = b""
        while self._plays and len(heard) < FRAME_BYTES:
            play = self._plays[0]
            heard += play.take(FRAME_SAMPLES - len(heard) // 2)
            if not play.is_complete or play.frames:
                break
            self._finish(self._plays.popleft())
        return heard.ljust(FRAME_BYTES, b"\0")

    def press(self, digit: str) -> None:
        """Let a key be pressed."""
        self._say("dtmf", digit=digit)

    def warn(self) -> None:
        """Tell that sound is dropped."""
        self._say("audio_overflow_warning")

    def hang_up(self, cause: str, raw_cause: int) -> None:
        """Let the application end the call."""
        self._end(Ended(Origin.CLIENT, cause, raw_cause), 1000)

    def lose(self, ended: Ended) -> None:
        """Note that the server is gone, or has closed."""
        if self.ended is None:
            self.ended = ended
            self._plays.clear()

    def _obey(self, text: str) -> None:
        try:
            members = json.loads(text)
        except ValueError as problem:
            raise Refused(f"not JSON: {problem}") from None
        if not isinstance(members, dict):
            raise Refused("a JSON object was expected")
        match members.get("type"):
            case "audio_play_start" | "audio_start":
                self._start(_play_of(members))
            case "audio_play_end":
                self._open_play().is_complete = True
            case "audio_play_abort":
                self._abort()
            case "call_hangup":
                cause = _one_of(members, "cause", "NORMAL", CAUSES)
                raw_cause = _whole(members, "raw_cause", 0, range(-(1 << 31) + 1, 1 << 31))
                self._end(Ended(Origin.SERVER, cause, raw_cause), 1000)
            case kind:
                raise Refused(f"type is {kind!r}")

    def _start(self, play: RehearsedPlay) -> None:
        if self._plays and not self._plays[-1].is_complete:
            raise Refused("a play begins before the last one was ended")
        if len(self._plays) >= MAX_WAITING_PLAYS:
            raise Refused(f"more than {MAX_WAITING_PLAYS} plays")
        self._plays.append(play)

    def _open_play(self) -> RehearsedPlay:
        if not self._plays or self._plays[-1].is_complete:
            raise Refused("outside of a play")
        return self._plays[-1]

    def _abort(self) -> None:
        while self._plays:
            self._finish(self._plays.popleft())

    def _finish(self, play: RehearsedPlay) -> None:
        self.finished.append(play.id)
        self._say("audio_play_finished", id=play.id)

    def _end(self, ended: Ended, close_code: int) -> None:
        if self.ended is not None:
            return
        self._abort()
        self._say("audio_end")
        self._say("call_end", origin=ended.origin, cause=ended.cause, raw_cause=ended.raw_cause)
        self.ended, self.close_code = ended, close_code

    def _say(self, kind: str, **members: str | int) -> None:
        self.to_send.append(json.dumps({"type": kind, **members}, ensure_ascii=False))


def _play_of(members: dict[str, Any]) -> RehearsedPlay:
    encoding = Encoding(_one_of(members, "format", Encoding.PCM_16, tuple(Encoding)))
    _whole(members, "sample_rate", SAMPLE_RATE_HZ, range(SAMPLE_RATE_HZ, SAMPLE_RATE_HZ + 1))
    layout = SoundFormat(encoding, _whole(members, "channels", 1, range(1, 3)))
    channel = _whole(members, "channel", 0, range(layout.channels + 1))
    if layout.channels > 1 and channel == 0 and encoding is not Encoding.PCM_16:
        raise Refused(f"two channels of {encoding} cannot be mixed")
    buffer_ms = _whole(members, "initial_buffer_ms", 100, range(_MAX_BUFFER_MS + 1))
    play_id = members.get("id", "")
    if not isinstance(play_id, str):
        raise Refused(f"id is {play_id!r}")
    return RehearsedPlay(play_id, layout, channel, buffer_ms * SAMPLE_RATE_HZ // 1000)


def _whole(members: dict[str, Any], name: str, default: int, allowed: range) -> int:
    value = members.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
        raise Refused(f"{name} is {value!r}")
    return value


def _one_of(members: dict[str, Any], name: str, default: str, words: tuple[str, ...]) -> str:
    value = members.get(name, default)
    if not isinstance(value, str) or value not in words:
        raise Refused(f"{name} is {value!r}")
    return value


def _heard(sound: bytes, layout: SoundFormat, channel: int) -> bytes:
    """One channel of it, or both added, 16-bit linear."""
    samples = linear(sound, layout.encoding)
    if layout.channels == 1:
        return samples.tobytes()
    first, second = samples[0::2], samples[1::2]
    if channel:
        return (first, second)[channel - 1].tobytes()
    for at, other in enumerate(second):
        first[at] = max(-32768, min(32767, first[at] + other))
    return first.tobytes()
