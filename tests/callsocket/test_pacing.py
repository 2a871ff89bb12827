"""Frames and their pace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.callsocket import Encoding, SoundFormat
from callwright.callsocket.messages import MAX_PAYLOAD_BYTES
from callwright.callsocket.pacing import (
    AHEAD,
    MAX_INITIAL_BUFFER_MS,
    MAX_QUEUED_FRAMES,
    Framer,
    Pacer,
)

FORMATS = [SoundFormat(encoding, channels) for encoding in Encoding for channels in (1, 2)]


@given(st.sampled_from(FORMATS), st.lists(st.binary(max_size=3000), max_size=8))
def test_frames_are_the_sound_in_frames_the_platform_takes(
    layout: SoundFormat, pieces: list[bytes]
) -> None:
    sound = b"".join(pieces)
    short = layout.size_of(20)
    framer = Framer(layout)
    full = [frame for piece in pieces for frame in framer.cut(piece)]
    try:
        last = framer.flush()
    except ValueError as problem:
        assert f"{len(sound) % layout.sample_bytes} bytes of a sample" in str(problem)  # noqa: PT017 - only where it is raised
        assert len(sound) % layout.sample_bytes
        last = []
        sound = sound[: len(sound) // short * short]
    assert b"".join([*full, *last]) == sound
    assert all(0 < len(frame) <= MAX_PAYLOAD_BYTES for frame in full + last)
    assert all(len(frame) % short == 0 for frame in full)


@pytest.mark.parametrize(
    ("layout", "sizes"),
    [
        (SoundFormat(), [1280, 1280, 640]),
        (SoundFormat(channels=2), [1280, 1280, 640]),
        (SoundFormat(Encoding.A_LAW), [640, 640, 640, 640, 640]),
    ],
)
def test_sound_that_is_there_goes_in_long_frames(layout: SoundFormat, sizes: list[int]) -> None:
    assert [len(frame) for frame in Framer(layout).cut(bytes(3200))] == sizes


def test_sound_that_comes_piece_by_piece_goes_at_once() -> None:
    framer = Framer(SoundFormat())
    assert [len(frame) for frame in framer.cut(bytes(320))] == [320]
    assert framer.cut(bytes(319)) == []
    assert framer.cut(bytes(1)) == [bytes(320)]
    assert framer.flush() == []


def test_a_pacer_is_ahead_by_so_much_and_no_more() -> None:
    pacer = Pacer()
    now, sent = 100.0, 0
    while pacer.wait(now) == 0:
        pacer.sent(0.02, now)
        sent += 1
    assert sent == pytest.approx(AHEAD / 0.02, abs=1.1)
    wait = pacer.wait(now)
    assert 0 < wait <= 0.02
    assert pacer.wait(now + wait) == pytest.approx(0)


def test_what_a_stall_cost_is_not_caught_up() -> None:
    pacer = Pacer()
    pacer.sent(0.5, 0.0)
    pacer.sent(0.5, 60.0)
    assert pacer.silent_at == pytest.approx(60.5)


def test_after_an_abort_it_begins_anew() -> None:
    pacer = Pacer()
    pacer.sent(30.0, 0.0)
    assert pacer.wait(0.0) > 0
    pacer.forget()
    assert pacer.wait(0.0) == 0


def test_what_is_sent_ahead_at_most_is_less_than_the_platform_queues() -> None:
    assert (AHEAD + MAX_INITIAL_BUFFER_MS / 1000) / 0.02 < MAX_QUEUED_FRAMES
