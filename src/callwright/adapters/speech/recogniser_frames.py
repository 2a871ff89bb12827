"""What the control process and a recogniser say to each other.

Framed as between control process and media workers: `worker.framing`. Commands go down, events
come up; neither side waits for an answer. A recogniser whose socket closes ends at once. A stream
is named by the control process, with an integer that it never uses twice.
"""

from typing import Final

import msgspec

from callwright.worker.framing import framed, unframed


class Begin(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Recognise a new stream."""

    stream: int
    phrases: tuple[str, ...]
    hints: tuple[tuple[str, int], ...]
    """Each with a hundred times its boost, the strongest first."""
    max_alternatives: int
    wants_interim_results: bool
    end_silence: float
    """Seconds."""


class Sound(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """The next sound of a stream: 16-bit linear, little endian, 8 kHz."""

    stream: int
    sound: bytes


class Finish(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """No more sound will come; answered by `Finished`."""

    stream: int


class Forget(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Nobody listens to this stream any more."""

    stream: int


class Started(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """The recogniser takes commands."""


class Begun(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """The stream is listened to; an empty problem is none."""

    stream: int
    problem: str = ""


class Said(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A phrase, or the state of one."""

    stream: int
    readings: tuple[tuple[str, float], ...]
    """Best first: text and confidence."""
    is_final: bool
    stability: float = 1.0


class Dropped(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Sound that was too much for this machine: the oldest went."""

    stream: int
    seconds: float


class Finished(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """All that was said has been told."""

    stream: int


Command = Begin | Sound | Finish | Forget
Event = Started | Begun | Said | Dropped | Finished


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
