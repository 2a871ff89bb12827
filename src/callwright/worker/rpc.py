"""What the control process and a media worker say to each other.

One Unix stream socket joins the two, with `framing` on it. Commands go down, events come up;
neither side ever waits for an answer. A worker whose socket closes ends at once, so that a killed
control process leaves no sound behind.

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
from callwright.worker.framing import MAX_FRAME_BYTES, FrameError, Frames, framed, unframed
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


def encode(message: Command | Event) -> bytes:
    """Put a message into one frame."""
    return framed(message)


def decode_command(frame: bytes) -> Command:
    """Read a frame's body as a command; `FrameError`: it is none."""
    return unframed(frame, _COMMANDS, expected="a command")


def decode_event(frame: bytes) -> Event:
    """Read a frame's body as an event; `FrameError`: it is none."""
    return unframed(frame, _EVENTS, expected="an event")


_COMMANDS: Final[msgspec.msgpack.Decoder[Command]] = msgspec.msgpack.Decoder(Command)
_EVENTS: Final[msgspec.msgpack.Decoder[Event]] = msgspec.msgpack.Decoder(Event)
