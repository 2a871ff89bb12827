"""The rehearsed platform and the real one agree on whatever a server sends."""

import json
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.callsocket.rehearsal import FRAME_BYTES, RehearsedPlatform
from callwright.protocol.callsocket.session import CallSession
from callwright.protocol.callsocket.ws_frames import Opcode, WsFrame

TICK: Final = None

START: Final = {"type": "audio_play_start"}


def _start(**members: object) -> str:
    return json.dumps(START | members)


STARTS: Final = st.builds(
    _start,
    type=st.sampled_from(["audio_play_start", "audio_start"]),
    id=st.sampled_from(["", "a", "b"]),
    initial_buffer_ms=st.sampled_from([0, 0, 100, 1000]),
)
ODD_STARTS: Final = st.builds(
    _start,
    format=st.sampled_from(["16bit_PCM", "alaw", "mulaw", "8bit_PCM", "mp3", 7]),
    channels=st.sampled_from([0, 1, 2, 3, True, "1", 1.0]),
    channel=st.sampled_from([-1, 0, 1, 2, 3, None]),
    sample_rate=st.sampled_from([8000, 8000, 16000]),
    initial_buffer_ms=st.sampled_from([0, 100, -1, 50_001, 0.5]),
)
TEXTS: Final = st.one_of(
    STARTS,
    ODD_STARTS,
    st.sampled_from(['{"type": "audio_play_end"}'] * 3 + ['{"type": "audio_play_abort"}']),
    st.sampled_from(["{", "[]", "null", '{"type": "sing"}', "{}", '{"type": []}']),
)
HANGUPS: Final = st.builds(
    lambda **members: json.dumps({"type": "call_hangup"} | members),
    cause=st.sampled_from(["NORMAL", "BUSY", "BORED", 7]),
    raw_cause=st.sampled_from([0, 17, -5, 1 << 31, "0", 1.5, True]),
)
SOUNDS: Final = st.sampled_from([320, 320, 320, 0, 1, 640, 1600, 1601]).map(bytes)
STEPS: Final = st.lists(
    st.one_of(TEXTS, SOUNDS, SOUNDS, st.just(TICK), st.just(TICK), HANGUPS), max_size=60
)


Told = tuple[list[object], object]
"""All that was said, with the ticks between, and how the call ended."""


def rehearsed(steps: list[str | bytes | None]) -> Told:
    """What the rehearsed platform makes of this."""
    platform = RehearsedPlatform("44", takes_digits=True)
    said: list[object] = []
    for step in steps:
        if step is not None:
            platform.receive(step)
        elif platform.ended is None:
            platform.tick(b"")
        said += [_plain(json.loads(it)) for it in platform.to_send if isinstance(it, str)]
        said += ["tick"] if step is None else []
        platform.to_send.clear()
    ended = platform.ended
    return said, None if ended is None else (str(ended.origin), ended.cause, ended.raw_cause)


def real(steps: list[str | bytes | None]) -> Told:
    """What the real one makes of it."""
    session = CallSession(caller="44", takes_digits=True, now=0.0)
    said: list[object] = []
    ended: object = None
    for step in steps:
        if isinstance(step, bytes):
            session.receive(WsFrame(Opcode.BINARY, step), 0.0)
        elif step is not None:
            session.receive(WsFrame(Opcode.TEXT, step.encode()), 0.0)
        elif session.is_talking:
            session.take_sound(FRAME_BYTES // 2)
        texts = [it.payload for it in session.to_send() if it.opcode is Opcode.TEXT]
        said += [_plain(json.loads(text)) for text in texts]
        said += ["tick"] if step is None else []
        for event in session.events():
            ended = (str(event.origin), str(event.cause), event.raw_cause)
    return said, ended


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_both_say_the_same(steps: list[str | bytes | None]) -> None:
    assert rehearsed(steps) == real(steps)


@pytest.mark.parametrize("frames", [250, 251, 260])
def test_both_have_the_same_bound_of_frames(frames: int) -> None:
    steps: list[str | bytes | None] = [json.dumps(START), *[bytes(320)] * frames]
    assert rehearsed(steps) == real(steps)


def _plain(message: dict[str, object]) -> object:
    # The words of an error are each one's own.
    return "error" if message["type"] == "error" else message
