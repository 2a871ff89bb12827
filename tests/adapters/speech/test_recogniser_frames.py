"""What is said between control process and recogniser."""

import pytest

from callwright.adapters.speech.recogniser_frames import (
    Begin,
    Begun,
    Command,
    Dropped,
    Event,
    Finish,
    Finished,
    Forget,
    Said,
    Sound,
    Started,
    decode_command,
    decode_event,
    encode,
)
from callwright.worker.rpc import FrameError, Frames

COMMANDS: list[Command] = [
    Begin(1, ("sales", "café"), (("one", 1250),), 3, wants_interim_results=True, end_silence=0.7),
    Sound(1, b"\x00\xff" * 800),
    Finish(1),
    Forget(1),
]
EVENTS: list[Event] = [
    Started(),
    Begun(1, "a problem"),
    Said(1, (("sales", 0.9), ("sails", 0.4)), is_final=False, stability=0.3),
    Dropped(1, 2.5),
    Finished(1),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_survives_the_way(command: Command) -> None:
    assert [decode_command(frame) for frame in Frames().feed(encode(command))] == [command]


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_survives_the_way(event: Event) -> None:
    assert [decode_event(frame) for frame in Frames().feed(encode(event))] == [event]


@pytest.mark.parametrize("frame", [b"", b"\xff", b"\x91\xa4Said", b"\x92\xa5Sound\x01", b"{}"])
def test_anything_else_is_refused(frame: bytes) -> None:
    with pytest.raises(FrameError):
        decode_event(frame)
    with pytest.raises(FrameError):
        decode_command(frame)
