"""What the control process and a media worker say to each other.

One Unix stream socket joins the two. Each message is one frame: four bytes of length (big
endian), then a MessagePack array that starts with the message's name. Commands go down, events
come up; neither side ever waits for an answer. A worker whose socket closes ends at once, so
that a killed control process leaves no sound behind.

A leg is named by the control process, with an integer that it never uses twice in one worker's
life. Times are seconds unless the name says otherwise; audio is 8 kHz mono.
"""

from typing import Final

import msgspec

from callwright.worker.commands import (
    Bridge,
    Cipher,
    Classify,
    CloseLeg,
    Command,
    ConnectLeg,
    EndSocket,
    Listen,
    OpenLeg,
    OpenRoomLeg,
    OpenSocketLeg,
    Play,
    Playable,
    PlayDigits,
    PlayFile,
    PlayTone,
    Record,
    SetRoomLeg,
    StopListening,
    StopPlay,
    StopRecord,
    Unbridge,
)
from callwright.worker.reports import (
    TICK_LATENESS_BOUNDS_MS,
    CommandFailed,
    DigitReceived,
    Event,
    FarEndClassified,
    GreetingEnded,
    LegClosed,
    LegOpened,
    MediaArrived,
    PlayEnded,
    Ready,
    RecordEnded,
    SocketConnected,
    SocketEnded,
    SoundHeard,
    SpeechEnded,
    SpeechStarted,
    TickReport,
)

__all__ = [
    "MAX_FRAME_BYTES",
    "TICK_LATENESS_BOUNDS_MS",
    "Bridge",
    "Cipher",
    "Classify",
    "CloseLeg",
    "Command",
    "CommandFailed",
    "ConnectLeg",
    "DigitReceived",
    "EndSocket",
    "Event",
    "FarEndClassified",
    "FrameError",
    "Frames",
    "GreetingEnded",
    "LegClosed",
    "LegOpened",
    "Listen",
    "MediaArrived",
    "OpenLeg",
    "OpenRoomLeg",
    "OpenSocketLeg",
    "Play",
    "PlayDigits",
    "PlayEnded",
    "PlayFile",
    "PlayTone",
    "Playable",
    "Ready",
    "Record",
    "RecordEnded",
    "SetRoomLeg",
    "SocketConnected",
    "SocketEnded",
    "SoundHeard",
    "SpeechEnded",
    "SpeechStarted",
    "StopListening",
    "StopPlay",
    "StopRecord",
    "TickReport",
    "Unbridge",
    "decode_command",
    "decode_event",
    "encode",
]

MAX_FRAME_BYTES: Final = 1 << 20
"""The longest frame either side accepts: far above any real message, so that a length that is
wrong is seen at once and not after a gigabyte."""


class FrameError(Exception):
    """The other process broke the framing: a bug or a foreign peer; the socket must be closed."""


class Frames:
    """Messages out of a byte stream: feed bytes, take whole frames."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Take what the socket gave; return the frames that are complete now.

        Raises:
            FrameError: a frame announces more than `MAX_FRAME_BYTES`.

        """
        self._pending += data
        frames: list[bytes] = []
        start = 0
        while len(self._pending) - start >= _LENGTH_BYTES:
            length = int.from_bytes(self._pending[start : start + _LENGTH_BYTES], "big")
            if length > MAX_FRAME_BYTES:
                raise FrameError(f"a frame of {length} bytes; at most {MAX_FRAME_BYTES} expected")
            end = start + _LENGTH_BYTES + length
            if len(self._pending) < end:
                break
            frames.append(bytes(self._pending[start + _LENGTH_BYTES : end]))
            start = end
        del self._pending[:start]
        return frames


def encode(message: Command | Event) -> bytes:
    """Put a message into one frame, length first."""
    body = _ENCODER.encode(message)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


def decode_command(frame: bytes) -> Command:
    """Read a frame's body as a command.

    Raises:
        FrameError: it is none.

    """
    try:
        return _COMMANDS.decode(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise FrameError(f"not a command: {problem}") from problem


def decode_event(frame: bytes) -> Event:
    """Read a frame's body as an event.

    Raises:
        FrameError: it is none.

    """
    try:
        return _EVENTS.decode(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise FrameError(f"not an event: {problem}") from problem


_LENGTH_BYTES: Final = 4
_ENCODER: Final = msgspec.msgpack.Encoder()
_COMMANDS: Final[msgspec.msgpack.Decoder[Command]] = msgspec.msgpack.Decoder(Command)
_EVENTS: Final[msgspec.msgpack.Decoder[Event]] = msgspec.msgpack.Decoder(Event)
