"""How the test servers of call WebSockets behave: the path of the URL says it, the query how much.

| Path | Once connected |
|---|---|
| `/echo` | plays what it hears |
| `/tone?hertz=440` | plays a tone as long as it hears frames: one for each |
| `/quiet` | says nothing |
| `/hang_up?cause=BUSY&raw_cause=17` | sends `call_hangup` |
| `/close?code=4001` | sends a Close frame |
| `/vanish` | cuts the TCP connection without a word |
| `/deaf` | stops reading |
| `/flood?frames=2000` | sends so many frames of a play at once, faster than they can be played |
| `/huge?bytes=1601` | sends one binary frame of this size |
| `/garbled` | sends what nobody understands, and then echoes |

`after=50` puts it off until so many frames were heard: a second of them, without a clock.

Before there is a connection: `/status?code=404` answers the handshake so, `/broken` with bytes that
are no HTTP, `/stall` never. `tests/sim/ws_server.js` has the same manners in JavaScript.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlsplit

FRAME_BYTES: Final = 320
"""20 ms of 8,000 16-bit samples a second."""

AHEAD_FRAMES: Final = 10
"""Frames a tone begins with, so that the platform's initial buffer of 100 ms never runs dry."""

BEFORE: Final = frozenset({"status", "broken", "stall"})
"""Manners that are shown in the handshake already."""

GARBAGE: Final = (
    "{",
    "[]",
    '{"type": "sing"}',
    '{"type": "audio_play_start", "channels": 3}',
    '{"type": "audio_play_start", "format": "mp3"}',
    '{"type": "call_hangup", "cause": "BORED"}',
)
"""Text messages that are wrong in one way each; the platform answers each with an `error`."""


@dataclass(frozen=True, slots=True)
class Close:
    """A Close frame with this code."""

    code: int


@dataclass(frozen=True, slots=True)
class Vanish:
    """The TCP connection is cut."""


@dataclass(frozen=True, slots=True)
class Deafen:
    """Nothing is read any more."""


Act = str | bytes | Close | Vanish | Deafen
"""What a server does next: sends a text or binary frame, or one of the above."""


@dataclass(slots=True)
class Manner:
    """One connection's behaviour: messages in, acts out."""

    name: str
    query: Mapping[str, str]
    _heard: int = field(default=0, init=False)
    """Binary frames so far."""
    _sample: int = field(default=0, init=False)
    """Samples of the tone made so far."""

    def receive(self, message: str | bytes) -> list[Act]:
        """Take one message of the platform."""
        is_sound = isinstance(message, bytes)
        is_start = not is_sound and json.loads(message)["type"] == "audio_start"
        self._heard += is_sound
        acts: list[Act] = []
        if is_start if self._after() == 0 else is_sound and self._heard == self._after():
            acts += self._begin()
        if is_sound and self._heard > self._after():
            acts += self._go_on(message)
        return acts

    def _after(self) -> int:
        return int(self.query.get("after", 0))

    def _begin(self) -> list[Act]:
        match self.name:
            case "echo":
                return [_message("audio_play_start", id="echo")]
            case "tone":
                ahead = [self._tone() for _ in range(AHEAD_FRAMES)]
                return [_message("audio_play_start", id="tone"), *ahead]
            case "garbled":
                return [*GARBAGE, _message("audio_play_start", id="echo"), b"odd"]
            case "hang_up":
                cause, raw = self.query.get("cause", "NORMAL"), self.query.get("raw_cause", "0")
                return [_message("call_hangup", cause=cause, raw_cause=int(raw))]
            case "close":
                return [Close(int(self.query.get("code", 1000)))]
            case "vanish":
                return [Vanish()]
            case "deaf":
                return [Deafen()]
            case "flood":
                frames = int(self.query.get("frames", 2000))
                flood = [self._tone() for _ in range(frames)]
                return [_message("audio_play_start", id="flood"), *flood]
            case "huge":
                size = int(self.query.get("bytes", 1601))
                return [_message("audio_play_start", id="huge"), bytes(size)]
        return []

    def _go_on(self, sound: str | bytes) -> list[Act]:
        match self.name:
            case "echo" | "garbled":
                return [sound]
            case "tone":
                return [self._tone()]
        return []

    def _tone(self) -> bytes:
        hertz = int(self.query.get("hertz", 440))
        turn = 2 * math.pi * hertz / 8000
        begin, self._sample = self._sample, self._sample + FRAME_BYTES // 2
        return b"".join(
            round(8000 * math.sin(turn * at)).to_bytes(2, "little", signed=True)
            for at in range(begin, self._sample)
        )


def manner_of(target: str) -> Manner:
    """Read a request target: `/tone?hertz=440`."""
    parts = urlsplit(target)
    return Manner(parts.path.strip("/"), dict(parse_qsl(parts.query)))


def _message(kind: str, **members: str | int) -> str:
    return json.dumps({"type": kind, **members})
