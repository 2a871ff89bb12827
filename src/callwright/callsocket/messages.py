"""The call WebSocket's messages, from the server's side: read the platform's, print ours.

The platform's are read as leniently as is safe: a type or a member that is not known is passed
over, so that a newer platform can call an older server.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from .sound import SAMPLE_RATE_HZ, Encoding, SoundFormat

MAX_PAYLOAD_BYTES: Final = 1600
"""The longest frame that the platform takes, text or binary; it closes at a longer one."""

CAUSES: Final = (
    "NORMAL",
    "BUSY",
    "NO_ANSWER",
    "NUMBER_UNOBTAINABLE",
    "NUMBER_CHANGED",
    "OUT_OF_ORDER",
    "TIMESLOT_BARRED",
    "CALL_REJECTED",
    "CHANNEL_BUSY",
    "NO_CHANNELS",
    "CONGESTION",
    "FAILED",
)
"""Causes that `call_hangup` may name."""


class BadPlatformMessage(ValueError):
    """The platform said something that is none of the protocol's, or at the wrong time."""


class Origin(StrEnum):
    """Who ended a call."""

    SERVER = "server"
    """We did, with `call_hangup`."""
    CLIENT = "client"
    """The application that called, or the one at the telephone."""
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class CallStart:
    """`call_start`: the first message."""

    caller: str
    """A number or a SIP address."""


@dataclass(frozen=True, slots=True)
class SoundStart:
    """`audio_start`: what the binary frames will hold."""

    format: SoundFormat


@dataclass(frozen=True, slots=True)
class SoundEnd:
    """`audio_end`: the last sound has been sent."""


@dataclass(frozen=True, slots=True)
class SoundHeard:
    """A binary frame: normally 20 ms of what the one who calls says."""

    sound: bytes


@dataclass(frozen=True, slots=True)
class Digit:
    """`dtmf`: a key was pressed; only with sub-protocol v2."""

    digit: str


@dataclass(frozen=True, slots=True)
class PlayFinished:
    """`audio_play_finished`: a play is over; it was heard, or aborted, or the call ended."""

    id: str


@dataclass(frozen=True, slots=True)
class Overflow:
    """`audio_overflow_warning`: sound is lost, since this server does not read fast enough."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`error`: the platform did not understand what we sent, or could not do it then."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    """`call_end`, or a connection that broke: the last event of a call."""

    origin: Origin
    cause: str
    """One of `CAUSES`, or `OTHER(...)`."""
    raw_cause: int
    """0 where the application ended it; our own; 1006 where the connection broke."""


Message = (
    CallStart
    | SoundStart
    | SoundEnd
    | SoundHeard
    | Digit
    | PlayFinished
    | Overflow
    | Problem
    | Ended
)
"""Everything that the platform says."""


def read_message(text: str) -> Message | None:
    """Read a text message of the platform's; None for one of a type that is not known.

    Raises:
        BadPlatformMessage: it is no message.

    """
    try:
        members = json.loads(text)
    except ValueError as problem:
        raise BadPlatformMessage(f"{_quoted(text)} is not JSON: {problem}") from None
    except RecursionError:
        raise BadPlatformMessage(f"{_quoted(text)} is nested too deeply") from None
    if not isinstance(members, dict):
        raise BadPlatformMessage(f"{_quoted(text)} is not a JSON object")
    return _read(_text(members, "type"), members)


def play_start(
    play_id: str, sound: SoundFormat, *, channel: int = 0, initial_buffer_ms: int = 100
) -> str:
    """Print `audio_play_start`: binary frames follow, which are to be played."""
    return _printed(
        type="audio_play_start",
        format=sound.encoding,
        sample_rate=SAMPLE_RATE_HZ,
        channels=sound.channels,
        channel=channel,
        initial_buffer_ms=initial_buffer_ms,
        id=play_id,
    )


def play_end() -> str:
    """Print `audio_play_end`: no more sound for this play."""
    return _printed(type="audio_play_end")


def play_abort() -> str:
    """Print `audio_play_abort`: forget every play."""
    return _printed(type="audio_play_abort")


def hang_up(cause: str = "NORMAL", raw_cause: int = 0) -> str:
    """Print `call_hangup`.

    Raises:
        ValueError: a cause that there is not.

    """
    if cause not in CAUSES:
        raise ValueError(f"cause is {cause!r}: one of {', '.join(CAUSES)} was expected")
    return _printed(type="call_hangup", cause=cause, raw_cause=raw_cause)


def _read(kind: str, members: dict[str, Any]) -> Message | None:
    match kind:
        case "call_start":
            return CallStart(_text(members, "from"))
        case "audio_start":
            return SoundStart(_format(members))
        case "audio_end":
            return SoundEnd()
        case "dtmf":
            return Digit(_text(members, "digit"))
        case "audio_play_finished":
            return PlayFinished(_text(members, "id"))
        case "audio_overflow_warning":
            return Overflow()
        case "error":
            return Problem(_text(members, "reason"))
        case "call_end":
            origin = _word(members, "origin", [*Origin])
            return Ended(Origin(origin), _text(members, "cause"), _number(members, "raw_cause"))
        case _:
            return None


def _format(members: dict[str, Any]) -> SoundFormat:
    rate = members.get("sample_rate", SAMPLE_RATE_HZ)
    channels = members.get("channels", 1)
    if rate != SAMPLE_RATE_HZ or channels not in (1, 2):
        raise BadPlatformMessage(
            f"audio_start has {rate!r} samples a second in {channels!r} channels: "
            f"{SAMPLE_RATE_HZ} in 1 or 2 were expected"
        )
    return SoundFormat(Encoding(_word(members, "format", [*Encoding])), int(channels))


def _text(members: dict[str, Any], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str):
        raise BadPlatformMessage(f"{name} is {_quoted(value)}: a text was expected")
    return value


def _word(members: dict[str, Any], name: str, words: list[str]) -> str:
    value = members.get(name)
    if value not in words:
        raise BadPlatformMessage(f"{name} is {_quoted(value)}: one of {words} was expected")
    return str(value)


def _number(members: dict[str, Any], name: str) -> int:
    value = members.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadPlatformMessage(f"{name} is {_quoted(value)}: a whole number was expected")
    return value


def _quoted(value: object) -> str:
    return repr(value)[:_MAX_QUOTED]


_MAX_QUOTED: Final = 80
"""Characters of a wrong value that are given back: enough to recognise it."""


def _printed(**members: str | int) -> str:
    return json.dumps(members, separators=(",", ":"))
