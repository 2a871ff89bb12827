"""The call WebSocket's JSON messages: read strictly what servers send, print what we send.

A server's mistakes are told to it, each with the value and what was expected: `BadMessage`.
Members that a message does not have are passed over, so that servers can be newer than we are.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callwright.protocol.callsocket.causes import Cause
from callwright.protocol.callsocket.errors import BadMessage
from callwright.protocol.strict_json import BadJson, Json, read_json

SAMPLE_RATE_HZ: Final = 8000
"""The only rate that there is at present, in both directions."""

MAX_INITIAL_BUFFER_MS: Final = 50_000
"""250 frames of 1600 bytes of A-law: more is never queued, so waiting for more makes no sense."""

MAX_RAW_CAUSE: Final = 0x7FFF_FFFF
"""Raw causes are whatever the server likes; this is what every database can store."""


class Format(StrEnum):
    """How a play's sound is coded."""

    PCM_16 = "16bit_PCM"
    """Signed, little endian."""
    A_LAW = "alaw"
    MU_LAW = "mulaw"
    PCM_8 = "8bit_PCM"
    """Unsigned, 128 is silence, as in wav files."""


@dataclass(frozen=True, slots=True)
class PlayStart:
    """`audio_play_start`: binary frames follow, which are to be played."""

    id: str = ""
    format: Format = Format.PCM_16
    sample_rate_hz: int = SAMPLE_RATE_HZ
    channels: int = 1
    channel: int = 0
    """1 or 2 chooses one of two channels, 0 mixes them."""
    initial_buffer_ms: int = 100

    @property
    def is_linear(self) -> bool:
        """Whether it is what we send ourselves: 16-bit PCM in one channel."""
        return self.channels == 1 and self.format is Format.PCM_16

    @property
    def sample_bytes(self) -> int:
        """The size of one sample of all channels."""
        return self.channels * (2 if self.format is Format.PCM_16 else 1)


@dataclass(frozen=True, slots=True)
class PlayEnd:
    """`audio_play_end`: the last of the play's sound has been sent."""


@dataclass(frozen=True, slots=True)
class PlayAbort:
    """`audio_play_abort`: forget all plays."""


@dataclass(frozen=True, slots=True)
class Hangup:
    """`call_hangup`: the server ends the call."""

    cause: Cause = Cause.NORMAL
    raw_cause: int = 0


Request = PlayStart | PlayEnd | PlayAbort | Hangup
"""What a server may ask for."""


def parse_request(text: bytes) -> Request:
    """Read a text message of the server's.

    Raises:
        BadMessage: it is none of the protocol's.

    """
    try:
        value = read_json(text)
    except BadJson as problem:
        raise BadMessage(f"not JSON: {problem}") from None
    if not isinstance(value, dict):
        raise BadMessage(f"{_quoted(value)}; expected a JSON object")
    kind = value.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        expected = ", ".join(_READERS)
        raise BadMessage(f"type is {_quoted(value.get('type'))}; expected one of {expected}")
    return reader(value)


def call_start(caller: str) -> str:
    """The first message of a call."""
    return _printed({"type": "call_start", "from": caller})


def audio_start() -> str:
    """What the binary frames will hold."""
    return _printed(
        {
            "type": "audio_start",
            "format": Format.PCM_16,
            "sample_rate": SAMPLE_RATE_HZ,
            "channels": 1,
        }
    )


def audio_end() -> str:
    """The last sound has been sent."""
    return _printed({"type": "audio_end"})


def call_end(origin: str, cause: str, raw_cause: int) -> str:
    """The last message of a call."""
    return _printed({"type": "call_end", "origin": origin, "cause": cause, "raw_cause": raw_cause})


def audio_play_finished(play_id: str) -> str:
    """A play has come to its end, whichever."""
    return _printed({"type": "audio_play_finished", "id": play_id})


def error(reason: str) -> str:
    """A message was not understood, or not possible then."""
    return _printed({"type": "error", "reason": reason})


def audio_overflow_warning() -> str:
    """Sound is being dropped, since the server does not read it."""
    return _printed({"type": "audio_overflow_warning"})


def dtmf(digit: str) -> str:
    """A key was pressed; only where the sub-protocol has it."""
    return _printed({"type": "dtmf", "digit": digit})


def _play_start(members: Mapping[str, Json]) -> PlayStart:
    play = PlayStart(
        id=_text(members, "id", ""),
        format=Format(_word(members, "format", Format.PCM_16, [*Format])),
        sample_rate_hz=_number(members, "sample_rate", 8000, range(8000, 8001)),
        channels=_number(members, "channels", 1, range(1, 3)),
        channel=_number(members, "channel", 0, range(3)),
        initial_buffer_ms=_number(
            members, "initial_buffer_ms", 100, range(MAX_INITIAL_BUFFER_MS + 1)
        ),
    )
    if play.channels == 1 and play.channel > 1:
        raise BadMessage(f"channel is {play.channel} of mono sound; expected 0 or 1")
    if play.channels > 1 and play.channel == 0 and play.format is not Format.PCM_16:
        raise BadMessage(f"channel is 0 of two in {play.format}; only 16bit_PCM can be mixed")
    return play


def _hangup(members: Mapping[str, Json]) -> Hangup:
    return Hangup(
        cause=Cause(_word(members, "cause", Cause.NORMAL, [*Cause])),
        raw_cause=_number(members, "raw_cause", 0, range(-MAX_RAW_CAUSE, MAX_RAW_CAUSE + 1)),
    )


_READERS: Final[dict[str, Callable[[Mapping[str, Json]], Request]]] = {
    "audio_play_start": _play_start,
    # So it is printed in the protocol's own description, beside `audio_play_end`.
    "audio_start": _play_start,
    "audio_play_end": lambda _: PlayEnd(),
    "audio_play_abort": lambda _: PlayAbort(),
    "call_hangup": _hangup,
}


def _text(members: Mapping[str, Json], name: str, default: str) -> str:
    value = members.get(name, default)
    if not isinstance(value, str):
        raise BadMessage(f"{name} is {_quoted(value)}; expected a text")
    return value


def _word(members: Mapping[str, Json], name: str, default: str, words: list[str]) -> str:
    value = members.get(name, default)
    if not isinstance(value, str) or value not in words:
        raise BadMessage(f"{name} is {_quoted(value)}; expected one of {', '.join(words)}")
    return value


def _number(members: Mapping[str, Json], name: str, default: int, allowed: range) -> int:
    value = members.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
        expected = " to ".join(str(it) for it in sorted({allowed[0], allowed[-1]}))
        raise BadMessage(f"{name} is {_quoted(value)}; expected {expected}")
    return value


def _quoted(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)[:_MAX_QUOTED]


_MAX_QUOTED: Final = 80
"""Characters of a wrong value that are given back: enough to recognise it."""


def _printed(message: dict[str, str | int]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
