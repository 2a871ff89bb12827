"""Frames and messages between the control process and a worker."""

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callwright.worker import rpc

COMMANDS: list[rpc.Command] = [
    rpc.OpenLeg(1, reports_speech=True),
    rpc.ConnectLeg(1, "192.0.2.1", 4000, 4001, "PCMU", 0, 101, sends=False),
    rpc.ConnectLeg(1, "192.0.2.1", 4000, 4001, "PCMA", 8, None),
    rpc.Play(
        1,
        2,
        (rpc.PlayFile("a.wav"), rpc.PlayDigits("1,2"), rpc.PlayTone((440.0, 480.0), 100)),
        loops=True,
    ),
    rpc.StopPlay(1, 2),
    rpc.Record(1, 3, "b.wav", "PCMU", 60.0, 3.0, 0.0, beeps=True),
    rpc.Play(1, 2, (rpc.PlayFile("a.wav", rpc.Cipher(bytes(16), bytes(range(16)))),)),
    rpc.Record(
        1,
        3,
        "c.wav",
        "PCM16",
        0.0,
        0.0,
        0.0,
        side="separate",
        eliminates_dtmf=True,
        cipher=rpc.Cipher(bytes(32), bytes(16)),
    ),
    rpc.StopRecord(1, 3),
    rpc.OpenRoomLeg(2, 7, talks=False),
    rpc.OpenSocketLeg(
        3,
        "wss://voice.example.com/call",
        "192.0.2.7",
        "442079460999",
        ("v2.ws.cloud.aculab.com", "v1.cloud.aculab.com"),
        trust_file="ca.pem",
        handshake_timeout=2.5,
    ),
    rpc.EndSocket(3, "BUSY", 17),
    rpc.SetRoomLeg(2, talks=True, hears=False),
    rpc.Bridge(1, 2),
    rpc.Unbridge(1),
    rpc.Listen(1, 4, "mixed"),
    rpc.StopListening(1, 4),
    rpc.Classify(1, "network_connect", 5000),
    rpc.CloseLeg(1),
]
EVENTS: list[rpc.Event] = [
    rpc.Ready(77),
    rpc.LegOpened(1, 16384),
    rpc.CommandFailed(1, "OpenLeg", "no pair of ports is free"),
    rpc.SocketConnected(3, "v2.ws.cloud.aculab.com"),
    rpc.SocketEnded(3, "error", "FAILED", 1006, "the connection was lost"),
    rpc.MediaArrived(1),
    rpc.DigitReceived(1, "#", 40, in_band=True),
    rpc.SpeechStarted(1),
    rpc.SpeechEnded(1, 1.5),
    rpc.PlayEnded(1, 2, finished=True, duration=3.0),
    rpc.RecordEnded(1, 3, duration=2.0, contains_sound=True, ended_by="silence"),
    rpc.SoundHeard(1, 4, bytes(range(256)), is_last=True),
    rpc.FarEndClassified(1, "human", 1.2, ("spoke briefly",), ((0.1, 0.6, "speech"),)),
    rpc.GreetingEnded(1, 4.5, "beep"),
    rpc.LegClosed(1, 10, 9, 1, 0, 1.25, None),
    rpc.TickReport(5, 50, (49, 1, 0, 0, 0, 0, 0, 0), 0.7, 0.01, 0),
]


def body(message: rpc.Command | rpc.Event) -> bytes:
    (frame,) = rpc.Frames().feed(rpc.encode(message))
    return frame


@pytest.mark.parametrize("command", COMMANDS, ids=lambda it: type(it).__name__)
def test_a_command_survives_the_way_down(command: rpc.Command) -> None:
    assert rpc.decode_command(body(command)) == command


@pytest.mark.parametrize("event", EVENTS, ids=lambda it: type(it).__name__)
def test_an_event_survives_the_way_up(event: rpc.Event) -> None:
    assert rpc.decode_event(body(event)) == event


def test_every_message_is_in_a_table_above() -> None:
    assert {type(it) for it in COMMANDS} == set(rpc.Command.__args__)
    assert {type(it) for it in EVENTS} == set(rpc.Event.__args__)


@pytest.mark.parametrize("event", EVENTS, ids=lambda it: type(it).__name__)
def test_an_event_is_no_command(event: rpc.Event) -> None:
    with pytest.raises(rpc.FrameError, match="not a command"):
        rpc.decode_command(body(event))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda it: type(it).__name__)
def test_a_command_is_no_event(command: rpc.Command) -> None:
    with pytest.raises(rpc.FrameError, match="not an event"):
        rpc.decode_event(body(command))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 64, 10_000])
def test_frames_are_whole_however_the_bytes_come(size: int) -> None:
    stream = b"".join(rpc.encode(command) for command in COMMANDS)
    frames = rpc.Frames()
    found = []
    for start in range(0, len(stream), size):
        found += frames.feed(stream[start : start + size])
    assert [rpc.decode_command(frame) for frame in found] == COMMANDS


def test_a_frame_of_impossible_length_is_seen_at_once() -> None:
    with pytest.raises(rpc.FrameError, match="at most 1048576"):
        rpc.Frames().feed((rpc.MAX_FRAME_BYTES + 1).to_bytes(4, "big"))


def test_a_frame_of_the_greatest_length_is_taken() -> None:
    whole = rpc.MAX_FRAME_BYTES.to_bytes(4, "big") + bytes(rpc.MAX_FRAME_BYTES)
    (frame,) = rpc.Frames().feed(whole)
    assert len(frame) == rpc.MAX_FRAME_BYTES


@given(st.binary(max_size=200))
@example(b"\x91\xa1\xff")  # a name that is no UTF-8
def test_garbage_is_a_frame_error_and_nothing_else(garbage: bytes) -> None:
    for decode in (rpc.decode_command, rpc.decode_event):
        try:
            decode(garbage)
        except rpc.FrameError:
            continue


def test_a_message_is_small() -> None:
    assert len(msgspec.msgpack.encode(rpc.SpeechStarted(123456))) < 24
